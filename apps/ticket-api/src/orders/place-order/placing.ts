import type { Buyer, PlaceOrder } from '@app/contracts';
import type { RequestContext } from '@app/observability';
import type { RequestKey } from '@app/idempotency';

/** One buyer's wish, as it waits for its turn. */
export interface Placing {
  tenantId: string;
  buyer: Buyer;
  wish: PlaceOrder;
  key: RequestKey | undefined;
  /** Of the request that brought it. */
  context: RequestContext | undefined;
}
