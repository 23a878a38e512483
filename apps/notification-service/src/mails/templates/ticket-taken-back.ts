import type { DataOf, ticketTakenBack } from '@app/contracts';
import { greeting, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

/** To who holds a ticket that somebody else paid for. */
export const takenBackTicket: Template<DataOf<typeof ticketTakenBack>> = ({ event, holder }) =>
  compose({
    organizer: event.organizer,
    subject: `Your ticket for ${event.title} was given back`,
    preview: 'The ticket does not admit any more.',
    heading: 'Your ticket was given back',
    blocks: [
      greeting(holder.name),
      paragraph('The ticket that was handed on to you was given back by the organizer and does not admit any more.'),
      eventCard(event),
      note('The money goes to who paid for it.'),
    ],
  });
