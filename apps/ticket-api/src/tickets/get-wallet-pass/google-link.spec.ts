import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { walletConfig } from '../../wallets.js';
import { sampleAbout, sampleTicket } from '../testing/sample-ticket.js';
import { googleAccount } from '../testing/wallet-accounts.js';
import { googleSaveLink } from './google-link.js';

const { publicKey, environment } = googleAccount();
const { google } = walletConfig(environment);
const NOW = Date.parse('2030-05-01T12:00:00Z');
const code = '%'.repeat(159);

const link = (ticket = sampleTicket) => googleSaveLink(google!, { ...ticket, code }, NOW);
const read = async (url: string) => {
  const [, token = ''] = /^https:\/\/pay\.google\.com\/gp\/v\/save\/([\w-]+\.[\w-]+\.[\w-]+)$/.exec(url) ?? [];
  return jwtVerify(token, publicKey, { audience: 'google', algorithms: ['RS256'] });
};

describe('a link for Google Wallet', () => {
  it('is signed by the service account and has the event and the ticket with its code', async () => {
    const { payload } = await read(await link());
    expect(payload).toMatchObject({
      iss: 'tickets@spec.iam.gserviceaccount.com',
      typ: 'savetowallet',
      iat: NOW / 1000,
    });
    const { eventTicketClasses, eventTicketObjects } = payload.payload as Record<string, Record<string, unknown>[]>;
    const classId = '3388000000012345678.AZpuABI0cACAAAAAAAAADg';
    expect(eventTicketClasses).toMatchObject([
      {
        id: classId,
        issuerName: 'Stowarzyszenie „Ćma”',
        eventName: { defaultValue: { value: 'Zażółć gęślą jaźń' } },
        venue: { name: { defaultValue: { value: 'Klub Wytwórnia' } } },
        dateTime: { start: '2030-06-01T18:00:00Z' },
      },
    ]);
    expect(eventTicketObjects).toMatchObject([
      {
        id: '3388000000012345678.AZpuABI0cACAAAAAAAAAAQ',
        classId,
        state: 'ACTIVE',
        barcode: { type: 'QR_CODE', value: code },
        ticketNumber: '100000042',
      },
    ]);
  });

  it.each([
    ['an ordinary one', sampleTicket],
    [
      'one of the longest texts',
      {
        ...sampleAbout({
          title: '音'.repeat(200),
          organizer: '楽'.repeat(200),
          venue: {
            name: '会'.repeat(200),
            address: '場'.repeat(300),
            city: '市'.repeat(100),
            country: '国'.repeat(100),
          },
        }),
        holder: '人'.repeat(200),
        type: '席'.repeat(100),
      },
    ],
  ])('is short enough for every browser: %s', async (_, ticket) => {
    const url = await link(ticket);
    expect(url.length).toBeLessThanOrEqual(1_800 + 'https://pay.google.com/gp/v/save/'.length);
    expect((await read(url)).payload.iss).toBe('tickets@spec.iam.gserviceaccount.com');
  });
});
