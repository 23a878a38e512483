import type { DataOf, orderConfirmed } from '@app/contracts';
import { greeting, note, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import { orderLines } from '../content/order-lines.js';
import type { Template } from './template.js';

type Facts = DataOf<typeof orderConfirmed>;

const thanks: Readonly<Record<Facts['how'], string>> = {
  paid: 'Thank you, your payment has arrived.',
  free: 'Your order is confirmed. There is nothing to pay.',
  desk: 'Your order is confirmed, as agreed with the organizer.',
};

export const orderConfirmation: Template<Facts> = (facts, { ticketsAttached, calendarAttached }) => {
  const { event, buyer, how, orderId, ticketIds } = facts;
  const tickets = ticketIds.length === 1 ? 'ticket' : `${ticketIds.length} tickets`;
  return compose({
    subject: `Your ${tickets} for ${event.title}`,
    preview: ticketsAttached ? `Your ${tickets} for ${event.title}, as a PDF.` : `Your order for ${event.title}.`,
    heading: ticketsAttached
      ? `Here ${ticketIds.length === 1 ? 'is' : 'are'} your ${tickets}`
      : 'Your order is confirmed',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(`${thanks[how]} ${ticketsAttached ? attached(ticketIds.length) : GIVEN_BACK}`),
      eventCard(event),
      orderLines(facts.items, facts.total),
      ...(ticketsAttached && calendarAttached ? [note(CALENDAR)] : []),
      orderNumber(orderId),
      ...(ticketsAttached
        ? [note('Each code admits once: whoever shows it first gets in. Keep this mail to yourself.')]
        : []),
    ],
  });
};

const attached = (count: number) =>
  count === 1
    ? 'Your ticket is attached as a PDF: print it or show it on your phone at the entrance.'
    : 'Your tickets are attached as a PDF, one on each page: print them or show them on your phone at the entrance.';

const CALENDAR = 'The file event.ics puts the event into your calendar.';

const GIVEN_BACK =
  'Meanwhile none of its tickets is valid any more, or each was handed on, so there is none with this mail.';
