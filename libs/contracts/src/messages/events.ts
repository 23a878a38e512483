import { z } from 'zod';
import { EventFacts, message } from './message.js';

/**
 * What holders of tickets know of a published event is not so any more: its title, place, times or zone. Edits of a short
 * while are one change: `before` is how it was before the first of them, `event` how it is now.
 */
export const eventChanged = message(
  'event.changed.v1',
  z.object({ event: EventFacts, before: EventFacts, refundsOpen: z.boolean() }),
);

/** It does not take place. What becomes of its orders is told of each of them. */
export const eventCancelled = message('event.cancelled.v1', z.object({ event: EventFacts }));

/** The day before the event, at a decent hour of its zone. Who bought `boughtBefore` that is to be reminded. */
export const eventReminderDue = message(
  'event.reminder-due.v1',
  z.object({ event: EventFacts, boughtBefore: z.string() }),
);
