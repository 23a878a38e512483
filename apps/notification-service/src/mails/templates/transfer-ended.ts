import type { DataOf, ticketTransferEnded } from '@app/contracts';
import { greeting, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

type Facts = DataOf<typeof ticketTransferEnded>;

const ends: Readonly<Record<Facts['status'], { subject: string; heading: string; said: string }>> = {
  declined: { subject: 'was declined', heading: 'Your offer was declined', said: 'does not want your ticket' },
  expired: { subject: 'has ended', heading: 'Your offer has ended', said: 'has not accepted your ticket in time' },
  withdrawn: {
    subject: 'was withdrawn',
    heading: 'Your offer was withdrawn',
    said: 'cannot accept your ticket any more',
  },
};

/** To who made the offer. */
export const endedTransfer: Template<Facts> = ({ event, from, email, status }) => {
  const { subject, heading, said } = ends[status];
  return compose({
    organizer: event.organizer,
    subject: `Your offer of a ticket for ${event.title} ${subject}`,
    preview: 'Nothing has changed: you hold the ticket.',
    heading,
    blocks: [
      greeting(from.name),
      paragraph(`${email ?? 'Whom you offered it to'} ${said}. You hold it as before, and its codes are good.`),
      eventCard(event),
    ],
  });
};
