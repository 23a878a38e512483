import {
  accountSecured,
  emailVerificationRequested,
  memberInvited,
  orderCancelled,
  orderConfirmed,
  orderExpired,
  orderMailRequested,
  orderRefundRequested,
  orderUnfulfillable,
  passwordResetRequested,
  PLATFORM_TENANT,
  ticketTakenBack,
  ticketTransferEnded,
  ticketTransferOffered,
  ticketTransferred,
} from '@app/contracts';
import { Database } from '@app/persistence';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { RecordMails } from './mails/mails.module.js';
import { facts } from './testing/facts.js';
import { NotificationService } from './testing/running-service.js';

jest.setTimeout(40_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
afterAll(() => service.remove());

describe('each message brings its mail', () => {
  it('to whom it concerns, under the tenant of the message', async () => {
    const tenant = uuidv7();
    await service.send(emailVerificationRequested, facts['email-verification']);
    await service.send(passwordResetRequested, facts['password-reset']);
    await service.send(accountSecured, facts['account-secured']);
    await service.send(memberInvited, facts['member-invited'], tenant);
    await service.send(orderConfirmed, facts['order-confirmed'], tenant);
    await service.send(orderExpired, facts['order-expired'], tenant);
    await service.send(orderCancelled, facts['order-cancelled'], tenant);
    await service.send(orderUnfulfillable, facts['order-unfulfillable'], tenant);
    await service.send(orderRefundRequested, facts['refund-requested'], tenant);
    await service.send(orderMailRequested, facts['order-confirmed'], tenant);
    await service.send(ticketTransferOffered, facts['transfer-offered'], tenant);
    await service.send(ticketTransferred, facts['ticket-received'], tenant);
    for (const status of ['declined', 'expired', 'withdrawn'] as const)
      await service.send(ticketTransferEnded, { ...facts['transfer-ended'], status }, tenant);
    await service.send(ticketTakenBack, facts['ticket-taken-back'], tenant);
    const rows = await service.settled(16, 'sent');

    const subjects = service.smtp.mails.map(({ parsed, recipients }) => `${recipients.join()}: ${parsed.subject}`);
    expect(subjects.sort()).toEqual([
      'door@example.com: Invitation to join Halle 7',
      'mia@example.com: A ticket for Nacht der Töne is offered to you',
      'mia@example.com: Your ticket for Nacht der Töne',
      'mia@example.com: Your ticket for Nacht der Töne was given back',
      'zoe@example.com: Confirm your e-mail address',
      'zoe@example.com: Set a new password',
      'zoe@example.com: Your 3 tickets for Nacht der Töne',
      'zoe@example.com: Your 3 tickets for Nacht der Töne',
      'zoe@example.com: Your money for Nacht der Töne goes back to you',
      'zoe@example.com: Your offer of a ticket for Nacht der Töne has ended',
      'zoe@example.com: Your offer of a ticket for Nacht der Töne was declined',
      'zoe@example.com: Your order for Nacht der Töne has ended',
      'zoe@example.com: Your order for Nacht der Töne is cancelled',
      'zoe@example.com: Your password was changed',
      'zoe@example.com: Your refund for Nacht der Töne',
      'zoe@example.com: Your ticket for Nacht der Töne was handed on',
    ]);
    expect(rows.filter(({ tenant_id }) => tenant_id === tenant)).toHaveLength(13);
  });

  it('once, also when the inbox has forgotten the message', async () => {
    const before = (await service.rows()).length;
    const { app } = service.running;
    const message = { id: uuidv7(), correlationId: 'request-1', data: facts['order-expired'] };
    const record = () => app.get(RecordMails).record('order-expired', [message], ({ buyer }) => buyer.email);
    for (let time = 0; time < 3; time += 1) await app.get(Database).asTenant(PLATFORM_TENANT, record);
    expect(await service.settled(before + 1, 'sent')).toHaveLength(before + 1);
  });
});
