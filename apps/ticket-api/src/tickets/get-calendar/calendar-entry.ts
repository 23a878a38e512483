import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { PrintableTicket } from '../printable-ticket.js';
import { wordPlace, wordTime, wordZone } from '../wording.js';

/**
 * An event as a calendar's entry (RFC 5545). Its UID is the event's: a later file of the same event replaces the entry, if its
 * SEQUENCE is not lower, and it tells nothing of a single ticket. Times are UTC, as we keep them: every calendar shows them by
 * its own clock, and no VTIMEZONE can be out of date; the description has them by the venue's.
 */
export function calendarEntry(event: PrintableTicket['event']): string {
  const calendar = ical({
    prodId: { company: 'ticketing-platform', product: 'tickets', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  const { position, venue } = event;
  calendar.createEvent({
    id: event.id,
    sequence: Math.floor((event.updatedAt.getTime() - event.createdAt.getTime()) / 1000),
    stamp: event.updatedAt,
    created: event.createdAt,
    lastModified: event.updatedAt,
    start: event.startsAt,
    end: event.endsAt,
    summary: event.title,
    description: describe(event),
    location: {
      title: venue.name,
      address: wordPlace(venue).join(', '),
      ...(position ? { geo: { lat: position.latitude, lon: position.longitude } } : {}),
    },
    url: event.url,
    status: event.status === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  return calendar.toString();
}

const describe = (event: PrintableTicket['event']): string =>
  [
    ...(event.status === 'cancelled' ? ['This event was cancelled.'] : []),
    `By ${event.organizer}.`,
    `At the venue: ${wordTime(event).join(', ')} (${wordZone(event)}).`,
    ...(event.terms ? [event.terms] : []),
  ].join('\n');
