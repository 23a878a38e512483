import type { DataOf, ticketTransferred } from '@app/contracts';
import { greeting, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import { withoutLinks } from '../content/single-line.js';
import type { Template } from './template.js';

/** To who has handed a ticket on. */
export const acceptedTransfer: Template<DataOf<typeof ticketTransferred>> = ({ event, from, to }) =>
  compose({
    organizer: event.organizer,
    subject: `Your ticket for ${event.title} was handed on`,
    preview: `${withoutLinks(to.name)} has accepted it.`,
    heading: 'Your ticket was handed on',
    blocks: [
      greeting(from.name),
      paragraph(
        `${withoutLinks(to.name)} has accepted your ticket and holds it from now on. Its codes that you have admit nobody any more.`,
      ),
      eventCard(event),
      note('Should the organizer give it back, the money goes to who paid for it.'),
    ],
  });
