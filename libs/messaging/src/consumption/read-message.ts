import { Envelope, subscriptions, type Consumer, type MessageContract } from '@app/contracts';
import { z } from 'zod';

/** The ids go into uuid columns; readers otherwise ignore what they do not know. */
const Readable = Envelope.extend({ id: z.uuid(), tenantId: z.uuid() });

/** @throws when the envelope or the body breaks its contract, or nobody here knows the type: no further try will help. */
export function readMessage(service: Consumer, body: unknown): Envelope {
  const envelope = Readable.safeParse(body);
  if (!envelope.success) throw new Error(`invalid envelope: ${z.prettifyError(envelope.error)}`);
  const contracts: readonly MessageContract[] = subscriptions[service];
  const contract = contracts.find(({ type }) => type === envelope.data.type);
  if (!contract) throw new Error(`unknown type ${envelope.data.type}`);
  const data = contract.data.safeParse(envelope.data.data);
  if (!data.success) throw new Error(`invalid body: ${z.prettifyError(data.error)}`);
  return { ...envelope.data, data: data.data };
}
