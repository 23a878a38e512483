import type { DataOf, MessageContract } from '@app/contracts';
import { requestContext } from '@app/observability';
import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { consumersOf } from '../subscribed-types.js';
import { Relay } from './relay.js';

export interface OutgoingMessage<C extends MessageContract> {
  /** The tenant of the open transaction; `PLATFORM_TENANT` for what concerns a person and no organization. */
  tenantId: string;
  data: DataOf<C>;
  /** Default: that of the request or message being worked on, else the message's own id. */
  correlationId?: string;
  traceparent?: string;
}

/** Larger messages would be refused by a broker and hold up all that wait behind them. */
const MAX_BYTES = 1024 * 1024;

/**
 * Messages leave a service only through here: the row commits with the state that it tells of, or neither does.
 *
 * The relay of this process is woken in process, after the commit. No NOTIFY: it takes a lock on the whole cluster at
 * commit, which would line up the commits of a rush one behind the other. Other processes' relays find what was left
 * behind (by a crash) with their slow poll.
 */
@Injectable()
export class Outbox {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Relay) private readonly relay: Relay,
  ) {}

  /**
   * Adds a message to the open transaction. @returns its id.
   * @throws without an open transaction of that tenant, when nobody subscribed to the type, or when `data` breaks the contract.
   */
  async add<C extends MessageContract>(contract: C, message: OutgoingMessage<C>): Promise<string> {
    return (await this.addAll(contract, [message]))[0]!;
  }

  /** Like `add`, for many messages of one type in one statement. @returns their ids, in order. */
  async addAll<C extends MessageContract>(contract: C, messages: readonly OutgoingMessage<C>[]): Promise<string[]> {
    if (messages.length === 0) return [];
    if (consumersOf(contract.type).length === 0)
      throw new Error(`Nobody subscribed to ${contract.type}: add it to the table of subscriptions first.`);
    const transaction = this.database.current();
    const rows = messages.map((message) => toRow(contract, message, transaction.tenantId));
    await transaction.query(
      INSERT,
      [
        transaction.tenantId,
        contract.type,
        rows.map(({ id }) => id),
        rows.map(({ correlationId }) => correlationId),
        rows.map(({ traceparent }) => traceparent),
        rows.map(({ data }) => data),
      ],
      'insert-outbox',
    );
    transaction.afterCommit(() => this.relay.wake());
    return rows.map(({ id }) => id);
  }
}

function toRow(contract: MessageContract, message: OutgoingMessage<MessageContract>, openTenant: string | null) {
  const { tenantId } = message;
  if (tenantId !== openTenant)
    throw new Error(`${contract.type} of tenant ${tenantId} does not belong into a transaction of ${openTenant}.`);
  const parsed = contract.data.safeParse(message.data);
  if (!parsed.success) throw new Error(`${contract.type} breaks its contract: ${z.prettifyError(parsed.error)}`);
  const data = JSON.stringify(parsed.data);
  if (Buffer.byteLength(data) > MAX_BYTES)
    throw new Error(`${contract.type} is larger than ${MAX_BYTES} bytes: send facts and ids, not collections.`);
  const id = uuidv7();
  const context = requestContext.getStore();
  return {
    id,
    correlationId: message.correlationId ?? context?.correlationId ?? id,
    traceparent: message.traceparent ?? context?.traceparent,
    data,
  };
}

const INSERT = `
  insert into outbox (tenant_id, type, id, correlation_id, traceparent, data)
  select $1, $2, added.* from unnest($3::uuid[], $4::text[], $5::text[], $6::jsonb[]) as added (id, correlation_id, traceparent, data)`;
