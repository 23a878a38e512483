import { describe, expect, it } from '@jest/globals';
import { facts } from '../testing/facts.js';
import { mailKind, mailKinds, type MailKind } from './mail-kinds.js';

const kinds = Object.keys(mailKinds) as MailKind[];
/** Those that the cancellation of an event causes, one for each of its orders. */
const ENDS: MailKind[] = ['order-cancelled', 'order-unfulfillable', 'refund-requested'];
/** Those that everybody at an event gets. */
const ANNOUNCED: MailKind[] = ['event-changed', 'event-cancelled', 'event-reminder'];

describe('a mail is one of thousands', () => {
  it.each(ENDS)('hard case 26: %s, when it is for the cancellation of an event', (kind) => {
    expect(mailKind(kind).isBulk({ ...facts[kind], reason: 'event-cancelled' })).toBe(true);
  });

  it.each(ANNOUNCED)('always: %s', (kind) => {
    expect(mailKind(kind).isBulk(facts[kind])).toBe(true);
  });

  it.each(kinds.filter((kind) => !ANNOUNCED.includes(kind)))('never otherwise: %s', (kind) => {
    expect(mailKind(kind).isBulk({ ...facts[kind], reason: 'buyer' })).toBe(false);
  });
});
