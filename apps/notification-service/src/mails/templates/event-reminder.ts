import { listMyTickets, type DataOf } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import type { reminderMail } from '../announced.js';
import { button, greeting, link, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard, placeOf } from '../content/event-card.js';
import { showStart } from '../content/time.js';
import type { Template } from './template.js';

/** Without the tickets: they came with their own mail, and what thousands get at once should let nobody in. */
export const eventReminder: Template<DataOf<typeof reminderMail>> = (facts, { links }) => {
  const { event, name, tickets, unsubscribe } = facts;
  const start = showStart(event);
  return compose({
    subject: `Reminder: ${event.title}, ${start}`,
    preview: `${start}, ${placeOf(event)}`,
    heading: 'See you soon',
    organizer: event.organizer,
    unsubscribe: unsubscribe === undefined ? undefined : links.unsubscribe(unsubscribe),
    blocks: [
      greeting(name),
      paragraph(`It is almost time. You have ${tickets === 1 ? 'a ticket' : `${tickets} tickets`} for this event:`),
      eventCard(event),
      link('Show the place on a map', links.map(placeOf(event))),
      paragraph(
        `Have your ${tickets === 1 ? 'ticket' : 'tickets'} ready at the entrance, on paper or on your phone. The PDF came by an earlier mail; your account has ${tickets === 1 ? 'it' : 'them'} as well.`,
      ),
      button('See my tickets', links.documentation(listMyTickets)),
      note(`Without a browser, signed in: GET ${API_PREFIX}${listMyTickets.path}`),
    ],
  });
};
