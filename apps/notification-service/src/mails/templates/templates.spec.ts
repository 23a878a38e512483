import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_CHANGES, operations } from '@app/contracts';
import { facts } from '../../testing/facts.js';
import { linksUnder } from '../content/links.js';
import { mailKinds, type FactsOf, type MailKind } from '../mail-kinds.js';

const links = linksUnder('https://tickets.example');
const render = <Kind extends MailKind>(kind: Kind, given: Partial<FactsOf<Kind>> = {}, ticketsAttached = true) =>
  mailKinds[kind].render({ ...facts[kind], ...given }, { links, ticketsAttached, calendarAttached: ticketsAttached });
const { event } = facts['order-confirmed'];
const kinds = Object.keys(mailKinds) as MailKind[];

/** What a reader sees of the HTML. */
const shown = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');

const hostile = `"><img src=x onerror=alert(1)>\r\nBcc: all@example.com\r\n\r\n<b>Żółć 東京 🎟️`;

describe.each(kinds)('the mail %s', (kind) => {
  it('says the same in plain text and in HTML', () => {
    const { text, html } = render(kind);
    const body = shown(html);
    const linesOfText = text.split('\n').filter((line) => line !== '' && line !== '-- ' && !line.startsWith('http'));
    for (const line of linesOfText) for (const part of line.split(/: |:$/)) expect(body).toContain(part);
    for (const [address] of text.matchAll(/^http\S+$/gm)) expect(html).toContain(`href="${address}"`);
  });

  it('leads nowhere but to the description of a call, a map, the page that ends such mails, and where what is held can be paid for', () => {
    const { text, html } = render(kind);
    const pages = new Set(operations.map(({ tag, id }) => `https://tickets.example/docs#/${tag}/${id}`));
    pages.add(links.map('Große Halle, Am Ufer 12, Berlin'));
    pages.add(facts['waiting-list-offer'].checkoutUrl);
    pages.add(links.unsubscribe(facts['event-reminder'].unsubscribe!));
    const addresses = [...`${text}\n${html}`.matchAll(/https?:[^\s"<>]+/g)].map(([address]) => address);
    expect(addresses.filter((address) => !pages.has(address))).toEqual([]);
  });

  it('lets no name break out of the HTML, the subject or its line of the text', () => {
    const names = JSON.parse(
      JSON.stringify(facts[kind], (key, value: unknown) =>
        ['name', 'title', 'city', 'address', 'organizationName', 'invitedBy', 'role', 'reason', 'replyTo'].includes(key)
          ? hostile
          : value,
      ),
    ) as Partial<FactsOf<typeof kind>>;
    const { subject, text, html } = render(kind, names);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<b>');
    expect(html).not.toMatch(/="[^"]*"><img/);
    expect(text).not.toMatch(/^Bcc:/m);
  });

  it('is written in strings that any mail can carry', () => {
    const { subject, text, html } = render(kind);
    for (const part of [subject, text, html]) expect(Buffer.from(part, 'utf8').toString('utf8')).toBe(part);
    expect(subject.length).toBeGreaterThan(0);
  });
});

describe('the confirmation of an address', () => {
  const { token } = facts['email-verification'];

  it('carries the bare token on a line of its own, and says where to give it', () => {
    const lines = render('email-verification').text.split('\n');
    expect(lines).toContain(token);
    expect(lines).toContain('https://tickets.example/docs#/identity/verifyEmail');
    expect(lines).toContainEqual(expect.stringContaining('POST /api/v1/auth/verify-email'));
  });

  it('shows nothing that whoever signed up has chosen', () => {
    const { text, html } = render('email-verification', { name: 'Win at evil.example' });
    expect(text + html).not.toContain('evil');
  });
});

describe('the invitation', () => {
  it('says who invites to what, as what, and how to accept', () => {
    const { text, subject } = render('member-invited');
    expect(subject).toBe('Invitation to join Halle 7');
    expect(text).toContain('Mara Ó Briain invites you to join Halle 7 as a scanner');
    expect(text.split('\n')).toContain(facts['member-invited'].invitationId);
    expect(text).toContain('https://tickets.example/docs#/organizations/acceptInvitation');
    expect(text).toContain(`POST /api/v1/organizations/invitations/${facts['member-invited'].invitationId}/accept`);
  });

  it('makes no link of the name of an organization', () => {
    expect(render('member-invited', { organizationName: 'https://evil.example' }).html).not.toMatch(/evil\.example/);
  });
});

describe('the word to who holds a ticket that another paid for', () => {
  it('says that it admits no more', () => {
    expect(render('ticket-taken-back').text).toContain('was given back by the organizer and does not admit any more');
  });
});

describe('the offer of a ticket', () => {
  it('says who offers what, until when, and how to accept, also without an account', () => {
    const { text, subject } = render('transfer-offered');
    expect(subject).toBe('A ticket for Nacht der Töne is offered to you');
    expect(text).toContain('Zoë Łukasiewicz wants to hand this ticket on to you');
    expect(text).toContain('You need an account with the address that this mail came to');
    expect(text.split('\n')).toContain(facts['transfer-offered'].transferId);
    expect(text).toContain('https://tickets.example/docs#/tickets/acceptTransfer');
    expect(text).toContain(`POST /api/v1/tickets/transfers/${facts['transfer-offered'].transferId}/accept`);
  });

  it('makes no link of the name of who offers it', () => {
    const from = { ...facts['transfer-offered'].from, name: 'https://evil.example' };
    expect(render('transfer-offered', { from }).html).not.toMatch(/evil\.example/);
  });

  it.each([
    ['declined', 'mia@example.com does not want your ticket'],
    ['expired', 'mia@example.com has not accepted your ticket in time'],
  ] as const)('that is %s: says so to who made it', (status, said) => {
    expect(render('transfer-ended', { status }).text).toContain(said);
    expect(render('transfer-ended', { status, email: null }).text).toContain('Whom you offered it to');
  });
});

describe('the confirmation of an order', () => {
  it('sums up the order, on the clock of the event', () => {
    const { subject, text } = render('order-confirmed');
    expect(subject).toBe('Your 3 tickets for Nacht der Töne');
    expect(text).toContain('Hello Zoë Łukasiewicz,');
    expect(text).toContain('Saturday 12 December 2026, 20:00 – 23:30 (CET)\nGroße Halle, Am Ufer 12, Berlin');
    expect(text).toContain('2 × Early bird: €90.00\n1 × Standing: €29.50\nTotal: €119.50');
    expect(text).toContain(`Order number: ${facts['order-confirmed'].orderId}`);
  });

  it('speaks of one ticket when it is one', () => {
    const { subject, text } = render('order-confirmed', { ticketIds: facts['order-confirmed'].ticketIds.slice(1, 2) });
    expect(subject).toBe('Your ticket for Nacht der Töne');
    expect(text).toContain('Your ticket is attached as a PDF');
  });

  it.each([
    ['paid', 'your payment has arrived'],
    ['free', 'There is nothing to pay'],
    ['desk', 'as agreed with the organizer'],
  ] as const)('says how it came about: %s', (how, said) => {
    expect(render('order-confirmed', { how }).text).toContain(said);
  });

  it('promises no attachment when there is none', () => {
    const { text } = render('order-confirmed', {}, false);
    expect(text).not.toMatch(/attached|PDF/);
    expect(text).toContain('none of its tickets is valid any more');
  });
});

describe('the offer to who waited', () => {
  it('says for what, until when, for how much and where to pay', () => {
    const { subject, text } = render('waiting-list-offer');
    expect(subject).toBe('2 tickets for Nacht der Töne are held for you');
    expect(text).toContain('2 × Early bird: €90.00');
    expect(text).toContain(facts['waiting-list-offer'].checkoutUrl);
    expect(text).toContain('they go to the next on the list');
  });
});

describe('a ticket that was given back for resale', () => {
  it('is told of with what its buyer gets, and when', () => {
    expect(render('ticket-listed').text).toContain('When it is sold, €45.00 goes back to you');
  });

  it.each([
    ['withdrawn', 'As you asked'],
    ['unsold', 'Nobody has bought'],
    ['face-value', 'sell for less now'],
  ])('is the buyer’s again: %s', (reason, said) => {
    expect(render('listing-ended', { reason }).text).toContain(said);
  });

  it('is sold: the refund says so', () => {
    expect(render('refund-requested', { reason: 'resold' }).text).toContain('Somebody else has bought 2 tickets');
  });
});

describe('a mail about an event', () => {
  const about = kinds.filter((kind) => 'event' in facts[kind]);

  it.each(about)('says in whose name it comes, and where answers go: %s', (kind) => {
    const { text } = render(kind);
    expect(text).toContain('for Klub Wytwórnia, the organizer. Answers to it go to the organizer.');
    const silent = { ...facts[kind], event: { ...event, organizer: { name: 'Klub Wytwórnia', replyTo: null } } };
    expect(render(kind, silent as never).text).toContain('Answers to it are not read.');
  });

  it.each(about)('of the release before names no organizer: %s', (kind) => {
    const { organizer: _, ...older } = event;
    expect(render(kind, { ...facts[kind], event: older } as never).text).toContain('sent automatically. Answers');
  });
});

describe('the news that an event has changed', () => {
  it('sets what is new beside what was, and leaves out what has stayed', () => {
    const { subject, text, html } = render('event-changed');
    expect(subject).toBe('Changed: Nacht der Töne');
    expect(text).toContain('Title\nBefore: Nacht der Tone\nNow: Nacht der Töne');
    expect(text).toContain(
      'When\nBefore: Friday 11 December 2026, 20:00 – 23:30 (CET)\nNow: Saturday 12 December 2026, 20:00 – 23:30 (CET)',
    );
    expect(text).toContain('Where\nBefore: Kleine Halle, Potsdam\nNow: Große Halle, Am Ufer 12, Berlin');
    expect(html).toContain('<s>Kleine Halle, Potsdam</s>');
    const moved = { ...event, venue: { ...event.venue, name: 'Zelt' } };
    const one = render('event-changed', { before: moved }).text;
    expect(one).toContain('Before: Zelt, Am Ufer 12, Berlin');
    expect(one).not.toMatch(/^(Title|When)$/m);
  });

  it('tells a buyer how to give tickets back, while they are taken', () => {
    const { orderId } = facts['event-changed'];
    const { text } = render('event-changed');
    expect(text).toContain('You can give your tickets back');
    expect(text).toContain(`POST /api/v1/orders/${orderId}/refund`);
    const closed = render('event-changed', { refundsOpen: false }).text;
    expect(closed).not.toContain('You can give your tickets back');
    expect(closed).toContain('please ask the organizer');
  });

  it('does not tell who was handed a ticket to give it back', () => {
    const { text } = render('event-changed', { orderId: null });
    expect(text).not.toMatch(/give your tickets back|Order number/);
  });

  it('speaks of the calendar file when there is one', () => {
    expect(render('event-changed').text).toContain('event.ics');
    expect(render('event-changed', {}, false).text).not.toContain('event.ics');
  });
});

describe('the news that an event is cancelled', () => {
  it('tells who was handed a ticket that the money goes back to the buyer', () => {
    const { subject, text } = render('event-cancelled');
    expect(subject).toBe('Nacht der Töne is cancelled');
    expect(text).toContain('Your ticket does not admit any more');
    expect(text).toContain('goes back to who bought it');
  });

  it('tells who paid nothing here that nothing was charged', () => {
    const { text } = render('event-cancelled', { orderId: event.id, tickets: 2 });
    expect(text).toContain('Your tickets do not admit any more');
    expect(text).toContain('Nothing was charged');
  });
});

describe('the reminder', () => {
  it('says when, where, how to get there and how to get no more of them', () => {
    const { subject, text } = render('event-reminder');
    expect(subject).toBe('Reminder: Nacht der Töne, Saturday 12 December 2026, 20:00');
    expect(text).toContain('You have 2 tickets for this event');
    expect(text).toContain('Große Halle, Am Ufer 12, Berlin');
    expect(text.split('\n')).toContain(links.map('Große Halle, Am Ufer 12, Berlin'));
    expect(text.split('\n')).toContain(links.unsubscribe(facts['event-reminder'].unsubscribe!));
  });

  it('has no link to unsubscribe in it that leads nowhere', () => {
    expect(render('event-reminder', { unsubscribe: undefined }).text).not.toContain('reminders');
  });
});

describe('a mail that its recipient needs', () => {
  it.each(kinds.filter((kind) => kind !== 'event-reminder'))('cannot be unsubscribed from: %s', (kind) => {
    expect(render(kind).text).not.toMatch(/unsubscribe|No more/);
    expect(mailKinds[kind].unsubscribe(facts[kind])).toBeUndefined();
  });
});

describe('the end of an order', () => {
  it.each([
    ['payment-failed', 'You have not been charged'],
    ['payment-expired', 'The payment was ended before it was complete'],
    ['hold-expired', 'No payment arrived in time'],
    ['a reason of the future', 'No payment arrived in time'],
  ])('is explained: %s', (reason, said) => {
    expect(render('order-expired', { reason }).text).toContain(said);
  });

  it.each([
    ['buyer', 'As you asked'],
    ['organizer', 'The organizer has cancelled your order'],
    ['event-cancelled', 'the organizer has cancelled the event'],
    ['a reason of the future', 'Your order is cancelled'],
  ])('by cancelling is explained: %s', (reason, said) => {
    expect(render('order-cancelled', { reason }).text).toContain(said);
  });
});

describe('the apology', () => {
  it.each([
    ['sold-out', 'by then the tickets were sold'],
    ['event-cancelled', 'the organizer has cancelled the event'],
    ['order-cancelled', 'after your order had been cancelled'],
    ['paid-twice', 'The tickets of that order stay yours'],
    ['amount-mismatch', 'is not the price of your order'],
  ])('gives the reason (%s) and the amount that goes back', (reason, said) => {
    const { text } = render('order-unfulfillable', { reason });
    expect(text).toContain(said);
    expect(text).toContain('You get all of it back: €90.00');
  });
});

describe('the news of a refund', () => {
  it('names the tickets that do not admit any more and the money', () => {
    const { text } = render('refund-requested');
    expect(text).toContain('2 tickets of your order were given back');
    expect(text).toContain('€90.00 goes back to you');
  });

  it('speaks of no money where there was none', () => {
    const { text, subject } = render('refund-requested', { amount: { amount: 0, currency: 'EUR' } });
    expect(subject).toBe('Tickets for Nacht der Töne were given back');
    expect(text).not.toMatch(/€|bank/);
  });

  it('says that the event was cancelled', () => {
    expect(render('refund-requested', { reason: 'event-cancelled' }).text).toContain('has cancelled the event');
  });
});

describe('the news of an account', () => {
  it.each([
    ['password-changed', 'Your password was changed', 'other sessions were signed out'],
    ['password-reset', 'Your password was set anew', 'All your sessions were signed out'],
    ['second-factor-added', 'Signing in now needs a code', 'authenticator'],
    ['second-factor-removed', 'Signing in no longer needs a code', 'password alone'],
    ['recovery-code-used', 'A recovery code was used', 'used up'],
    ['identity-linked', 'Your account has one more way in', 'another provider'],
    ['identity-unlinked', 'Your account has one way in less', 'does not enter this one any more'],
    ['a change of the future', 'The security of your account was changed', 'Look at your account'],
  ])('says what was changed, when, and what to do: %s', (change, heading, said) => {
    const { subject, text } = render('account-secured', { change });
    expect(subject).toBe(heading);
    expect(text).toContain(said);
    expect(text).toContain('set a new password at once');
    expect(text).toContain('22 November 2026');
  });

  it('names every change that there is', () => {
    for (const change of ACCOUNT_CHANGES)
      expect(render('account-secured', { change }).subject).not.toBe('The security of your account was changed');
  });
});
