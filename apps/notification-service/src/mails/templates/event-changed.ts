import { refundOrder, type DataOf, type EventFacts } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import type { changedMail } from '../announced.js';
import { button, changes, greeting, note, orderNumber, paragraph, type Block } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard, placeOf } from '../content/event-card.js';
import type { Links } from '../content/links.js';
import { showEventTime } from '../content/time.js';
import type { Template } from './template.js';

type Facts = DataOf<typeof changedMail>;

export const eventChange: Template<Facts> = (facts, { links, calendarAttached }) => {
  const { event, before, name, orderId } = facts;
  const differing = differences(before, event);
  return compose({
    subject: `Changed: ${event.title}`,
    preview: differing.map(({ what, now }) => `${what}: ${now}`).join(' · ') || 'Please look at what is new.',
    heading: `${event.title} has changed`,
    organizer: event.organizer,
    blocks: [
      greeting(name),
      paragraph(`The organizer has changed something about this event. ${STAY}`),
      ...(differing.length > 0 ? [changes(differing)] : []),
      paragraph('This is how it is now:'),
      eventCard(event),
      ...(calendarAttached ? [note(CALENDAR)] : []),
      ...givingBack(facts, links),
      ...(orderId === null ? [] : [orderNumber(orderId)]),
    ],
  });
};

const STAY = 'Tickets that you have stay valid as they are.';
const CALENDAR = 'The file event.ics takes the place of the earlier entry in your calendar.';

function differences(before: EventFacts, now: EventFacts) {
  return [
    { what: 'Title', before: before.title, now: now.title },
    { what: 'When', before: showEventTime(before), now: showEventTime(now) },
    { what: 'Where', before: placeOf(before), now: placeOf(now) },
  ].filter((fact) => fact.before !== fact.now);
}

/** What somebody can do for whom the event has become another one. */
function givingBack({ refundsOpen, orderId }: Facts, links: Links): Block[] {
  if (orderId === null)
    return [note('It does not suit you any more? Please ask the organizer, or who gave you the ticket.')];
  if (!refundsOpen)
    return [note('It does not suit you any more? Tickets are not taken back by now: please ask the organizer.')];
  return [
    paragraph('It does not suit you any more? You can give your tickets back.'),
    button('Give tickets back', links.documentation(refundOrder)),
    note(`Without a browser, signed in: POST ${API_PREFIX}${refundOrder.path.replace(':orderId', orderId)}`),
  ];
}
