import { Inject, Injectable } from '@nestjs/common';
import { EXPORTED_ROWS, type PaymentsOfPerson } from '@app/contracts';
import { Database, jsonInstant, jsonRows } from '@app/persistence';

const money = `json_build_object('amount', amount, 'currency', currency) as amount`;
const created = `${jsonInstant('created_at')} as "createdAt"`;
const newest = (id: string) => `order by ${id} desc limit ${EXPORTED_ROWS + 1}`;

const HELD = `select
  ${jsonRows(`select order_id as "orderId", buyer_email as email, ${created} from owed_orders where user_id = $1 ${newest('order_id')}`)} as owed,
  ${jsonRows(`select id, order_id as "orderId", status, ${money}, paid, refunded_total as refunded, parameters ->> 'customer_email' as email,
    session_id as "providerSession", payment_intent as "providerPayment", ${created}, ${jsonInstant('paid_at')} as "paidAt"
    from payments where user_id = $1 ${newest('id')}`)} as payments,
  ${jsonRows(`select id, order_id as "orderId", status, ${money}, reason, note, provider_refund_id as "providerRefund", ${created}
    from refunds where user_id = $1 ${newest('id')}`)} as refunds,
  ${jsonRows(`select id, order_id as "orderId", status, ${money}, reason, provider_dispute_id as "providerDispute", ${created}
    from disputes where (tenant_id, payment_id) in (select tenant_id, id from payments where user_id = $1) ${newest('id')}`)} as disputes`;

@Injectable()
export class PaymentsOfPersonStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** As of one moment, through the person's own door, which shows what is the person's at every tenant. */
  async read(userId: string): Promise<PaymentsOfPerson> {
    const [held] = await this.database.asPerson(userId, (transaction) =>
      transaction.query<PaymentsOfPerson>(HELD, [userId]),
    );
    return held!;
  }
}
