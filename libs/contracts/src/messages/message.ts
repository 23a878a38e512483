import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';

/** Tenant of what concerns a person and no organization (an account's mails). No organization has this id. */
export const PLATFORM_TENANT = '00000000-0000-0000-0000-000000000000';

export const Envelope = z.object({
  id: z.string(),
  type: z.string(),
  tenantId: z.string(),
  occurredAt: z.string(),
  correlationId: z.string(),
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type Envelope<Data = unknown> = Omit<z.infer<typeof Envelope>, 'data'> & { data: Data };

export interface MessageContract<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  type: Type;
  data: Data;
}

/** Readers ignore fields that they do not know; a breaking change is a `.v2` beside it. */
export const message = <const Type extends `${string}.v${number}`, Data extends z.ZodType>(
  type: Type,
  data: Data,
): MessageContract<Type, Data> => ({
  type,
  data,
});
export type DataOf<C extends MessageContract> = z.infer<C['data']>;

export const Buyer = z.object({ id: Id, name: z.string(), email: z.string() });
export type Buyer = z.infer<typeof Buyer>;
/** In whose name a mail about an event is sent. `replyTo`: where answers to it go, if the organization wants any. */
export const Organizer = z.object({ name: z.string(), replyTo: z.string().nullable() });
export type Organizer = z.infer<typeof Organizer>;
/** `organizer` is absent in messages of the release before. */
export const EventFacts = z.object({
  id: Id,
  title: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  timezone: z.string(),
  venue: z.object({ name: z.string(), address: z.string().nullable(), city: z.string().nullable() }),
  organizer: Organizer.optional(),
});
export type EventFacts = z.infer<typeof EventFacts>;
export const OrderLine = z.object({ ticketTypeId: Id, name: z.string(), quantity: z.int(), unitPrice: Money });
