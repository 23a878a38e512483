import { createHash, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import forge from 'node-forge';
import { PNG } from 'pngjs';
import { walletConfig, type AppleWallet } from '../../wallets.js';
import { sampleAbout, sampleTicket } from '../testing/sample-ticket.js';
import { appleAccount } from '../testing/wallet-accounts.js';
import { applePass } from './apple-pass.js';

let wallet: AppleWallet;
beforeAll(() => {
  const { apple } = walletConfig(appleAccount());
  if (!apple) throw new Error('a wallet was expected');
  wallet = apple;
});

const open = (ticket = sampleTicket) => {
  const files = unzipSync(applePass(wallet, ticket));
  const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
  return {
    files,
    pass: JSON.parse(text('pass.json')),
    manifest: JSON.parse(text('manifest.json')) as Record<string, string>,
  };
};

describe('a pass for Apple Wallet', () => {
  it('carries the code that the printed ticket has, in the encoding that readers expect', () => {
    const { pass } = open();
    expect(pass.barcodes).toEqual([
      { format: 'PKBarcodeFormatQR', message: sampleTicket.code, messageEncoding: 'iso-8859-1', altText: '100000042' },
    ]);
  });

  it('says what, when, where and for whom, and comes up when and where the event begins', () => {
    const { pass } = open();
    expect(pass).toMatchObject({
      formatVersion: 1,
      passTypeIdentifier: 'pass.example.tickets',
      teamIdentifier: 'TEAM123456',
      serialNumber: sampleTicket.id,
      organizationName: 'Stowarzyszenie „Ćma”',
      locations: [{ latitude: 51.7592, longitude: 19.4384, relevantText: 'Klub Wytwórnia' }],
    });
    expect(new Date(pass.relevantDate)).toEqual(sampleTicket.event.startsAt);
    expect(new Date(pass.expirationDate).getTime()).toBeGreaterThan(sampleTicket.event.endsAt.getTime());
    const values = Object.values(pass.eventTicket as Record<string, { value: string }[]>).flatMap((fields) =>
      fields.map(({ value }) => value),
    );
    for (const expected of [
      'Zażółć gęślą jaźń',
      'Klub Wytwórnia',
      'Saturday, 1 June 2030, 20:00 – 23:30',
      'Zofia Wąsowska',
      'Parter stojący',
      sampleTicket.orderId,
    ])
      expect(values).toContain(expected);
  });

  it('is made of whatever event there is: of three days, nowhere on the map, with long texts', () => {
    const { pass } = open(
      sampleAbout({
        endsAt: new Date('2030-06-04T18:00:00Z'),
        position: null,
        terms: 'No bags. '.repeat(222),
        title: '音楽会'.repeat(60),
      }),
    );
    expect(pass.locations).toBeUndefined();
    expect(pass.eventTicket.backFields.map(({ key }: { key: string }) => key)).toContain('terms');
  });

  it('names every file in its manifest by its digest', () => {
    const { files, manifest } = open();
    const others = Object.keys(files).filter((name) => !['manifest.json', 'signature'].includes(name));
    expect(others).toEqual(expect.arrayContaining(['pass.json', 'icon.png', 'icon@2x.png', 'logo.png']));
    expect(Object.keys(manifest).sort()).toEqual(others.sort());
    for (const name of others)
      expect(
        createHash('sha1')
          .update(files[name] ?? '')
          .digest('hex'),
      ).toBe(manifest[name]);
  });

  it("is signed with the pass type's certificate, over the manifest, with Apple's beside it", () => {
    const { files } = open();
    const message = forge.pkcs7.messageFromAsn1(
      forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(files.signature ?? []).toString('binary'))),
    ) as forge.pkcs7.Captured<forge.pkcs7.PkcsSignedData>;
    const subjects = message.certificates.map((each) => forge.pki.certificateToPem(each).replaceAll('\r', '').trim());
    expect(subjects).toEqual(expect.arrayContaining([wallet.certificate.trim(), wallet.wwdr.trim()]));

    const attributes = message.rawCapture.authenticatedAttributes as forge.asn1.Asn1[];
    const digestOfManifest = createHash('sha1')
      .update(files['manifest.json'] ?? '')
      .digest('binary');
    const ders = attributes.map((attribute) => forge.asn1.toDer(attribute).getBytes());
    expect(ders.join('')).toContain(digestOfManifest);
    // What is signed are the attributes as a SET (RFC 2315, 9.3).
    const set = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SET, true, attributes);
    const signed = Buffer.from(forge.asn1.toDer(set).getBytes(), 'binary');
    const signature = Buffer.from(message.rawCapture.signature as string, 'binary');
    expect(verify('sha1', signed, wallet.certificate, signature)).toBe(true);
    expect(verify('sha1', signed, wallet.wwdr, signature)).toBe(false);
  });

  it('has pictures of the sizes that phones ask for', () => {
    const { files } = open();
    const sizes = Object.entries(files)
      .filter(([name]) => name.endsWith('.png'))
      .map(([name, bytes]) => [name, PNG.sync.read(Buffer.from(bytes)).width]);
    expect(Object.fromEntries(sizes)).toEqual({
      'icon.png': 29,
      'icon@2x.png': 58,
      'icon@3x.png': 87,
      'logo.png': 50,
      'logo@2x.png': 100,
    });
  });
});
