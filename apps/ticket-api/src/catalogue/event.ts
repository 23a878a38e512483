import type { UpdateEvent } from '@app/contracts';
import type { FieldFault } from './field-fault.js';

/** What an organizer decides about an event. */
export interface EventFields {
  title: string;
  description: string | null;
  /** What the organizer wants to be read, on every ticket. */
  terms: string | null;
  venue: {
    name: string;
    address?: string | null;
    city?: string | null;
    country?: string | null;
    latitude?: number | null;
    longitude?: number | null;
  };
  startsAt: Date;
  endsAt: Date;
  timezone: string;
  refundableUntil: Date;
  /** People may wait for what is sold out. */
  waitingList: boolean;
  /** Buyers may give tickets back for resale. */
  resaleAllowed: boolean;
  /** Holders may hand their tickets on. */
  transfersAllowed: boolean;
  /** Who has entered may go out and come back. */
  reentryAllowed: boolean;
}

export interface EventState {
  status: 'draft' | 'published' | 'cancelled';
  /** Its end has passed, by the database's clock. */
  isOver: boolean;
}

/** A cancelled event is history, and so is one that was on sale and is over. A draft may always be given other dates. */
export const hasEnded = ({ status, isOver }: EventState): boolean =>
  status === 'cancelled' || (status === 'published' && isOver);

/** Saying it twice changes nothing. A draft whose time has passed needs other dates first. */
export function decidePublication({ status, isOver }: EventState): 'publish' | 'published-already' | 'ended' {
  if (status === 'published') return 'published-already';
  return status === 'cancelled' || isOver ? 'ended' : 'publish';
}

/** Fields that a change leaves out stay. The end of refunds moves with the start as long as nobody has set it apart. */
export function change(event: EventFields, given: UpdateEvent): EventFields {
  const startsAt = given.startsAt === undefined ? event.startsAt : new Date(given.startsAt);
  const followsStart = event.refundableUntil.getTime() === event.startsAt.getTime();
  const kept = followsStart ? startsAt : event.refundableUntil;
  return {
    title: given.title ?? event.title,
    description: given.description ?? event.description,
    terms: given.terms === undefined ? event.terms : given.terms,
    venue: given.venue ?? event.venue,
    startsAt,
    endsAt: given.endsAt === undefined ? event.endsAt : new Date(given.endsAt),
    timezone: given.timezone ?? event.timezone,
    refundableUntil: given.refundableUntil === undefined ? kept : new Date(given.refundableUntil),
    waitingList: given.waitingList ?? event.waitingList,
    resaleAllowed: given.resaleAllowed ?? event.resaleAllowed,
    transfersAllowed: given.transfersAllowed ?? event.transfersAllowed,
    reentryAllowed: given.reentryAllowed ?? event.reentryAllowed,
  };
}

/** Judged on the whole event: a change may name only one of its times. `given` tells which field to blame. */
export function faultsOfTimes({ startsAt, endsAt }: EventFields, given: UpdateEvent): FieldFault[] {
  if (startsAt < endsAt) return [];
  return given.endsAt === undefined
    ? [{ path: 'startsAt', message: 'is before endsAt' }]
    : [{ path: 'endsAt', message: 'is after startsAt' }];
}

/** Whether holders of tickets would come to another place, at another time or to something else. */
export const isNews = (before: EventFields, after: EventFields): boolean => factsOf(before) !== factsOf(after);

/** Coordinates, the description and the end of refunds are not among them. */
const factsOf = ({ title, venue, startsAt, endsAt, timezone }: EventFields) =>
  JSON.stringify([title, venue.name, venue.address ?? null, venue.city ?? null, startsAt, endsAt, timezone]);
