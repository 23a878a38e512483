import type { DataOf, ticketTransferred } from '@app/contracts';
import { greeting, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import { withoutLinks } from '../content/single-line.js';
import type { Template } from './template.js';

/** To the new holder. */
export const receivedTicket: Template<DataOf<typeof ticketTransferred>> = ({ event, from, to }, { ticketsAttached }) =>
  compose({
    organizer: event.organizer,
    subject: `Your ticket for ${event.title}`,
    preview: ticketsAttached ? `Your ticket for ${event.title}, as a PDF.` : `About your ticket for ${event.title}.`,
    heading: ticketsAttached ? 'Here is your ticket' : 'You took a ticket',
    blocks: [
      greeting(to.name),
      paragraph(
        ticketsAttached
          ? `The ticket of ${withoutLinks(from.name)} is yours now. It is attached as a PDF: print it or show it on your phone at the entrance.`
          : `The ticket of ${withoutLinks(from.name)} was yours. Meanwhile it was handed on or given back, so it is not with this mail.`,
      ),
      eventCard(event),
      ...(ticketsAttached
        ? [
            note('Earlier codes of this ticket admit nobody any more. Keep this mail to yourself.'),
            note('Only the organizer can give it back; the money goes to who paid for it.'),
          ]
        : []),
    ],
  });
