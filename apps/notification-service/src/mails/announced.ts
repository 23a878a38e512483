import { eventCancelled, eventChanged, eventReminderDue, Id, type MessageContract } from '@app/contracts';
import { z } from 'zod';

/** Whom a mail to everybody at an event is to. `orderId`: an own order, null for who was handed a ticket. */
const Recipient = {
  userId: Id,
  name: z.string(),
  orderId: Id.nullable(),
  /** Of whose order the calendar file is asked for. */
  ticketsOf: Id.nullable(),
  tickets: z.int(),
};

const mail = <Data extends z.ZodType>(type: string, data: Data): MessageContract<string, Data> => ({ type, data });

export const changedMail = mail('event-changed', eventChanged.data.extend(Recipient));
export const cancelledMail = mail('event-cancelled', eventCancelled.data.extend(Recipient));
/** `unsubscribe`: what the link in the mail has to carry. */
export const reminderMail = mail(
  'event-reminder',
  eventReminderDue.data.extend({ ...Recipient, unsubscribe: z.string().optional() }),
);
