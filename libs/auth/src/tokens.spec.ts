import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { generateServiceKeys } from './generate-service-keys.js';
import type { ApiKey, Identity, Principal } from './identity.js';
import { IdentityTokens } from './identity-tokens.js';
import { ProvenIdentities } from './proven-identities.js';
import { ServiceKeys } from './service-keys.js';
import { ServiceTokens } from './service-tokens.js';
import { TokenCache } from './token-cache.js';

const material = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service']);
const keys = {
  gateway: new ServiceKeys('api-gateway', material['api-gateway']),
  tickets: new ServiceKeys('ticket-api', material['ticket-api']),
  payments: new ServiceKeys('payment-service', material['payment-service']),
};
const ada: Identity = {
  userId: '0190a6e0-0000-7000-8000-000000000001',
  email: 'ada@example.com',
  name: 'Ada',
  emailVerified: true,
  sessionId: 's-1',
};
const PERSON = '0190a6e0-0000-7000-8000-000000000002';
const claims = { sub: ada.userId, sid: 's-1', email: ada.email, name: ada.name, emailVerified: true };
const token = (
  over: { typ?: string; iss?: string; aud?: string; iat?: number; exp?: number; kid?: string; alg?: string } = {},
) => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: over.alg ?? 'EdDSA', typ: over.typ ?? 'identity+jwt', kid: over.kid ?? 'api-gateway' })
    .setIssuer(over.iss ?? 'api-gateway')
    .setAudience(over.aud ?? 'ticket-api')
    .setIssuedAt(over.iat ?? now)
    .setExpirationTime(over.exp ?? now + 60);
};

describe('identity tokens', () => {
  const gateway = new IdentityTokens(keys.gateway);
  const tickets = new IdentityTokens(keys.tickets);

  /** Each change by itself, just after the word without it. */
  const isSaidAnew = async <P extends Principal>(principal: P, changes: readonly Partial<P>[]) => {
    for (const change of changes) {
      const before = await gateway.sign(principal, 'ticket-api');
      expect(await gateway.sign({ ...principal, ...change }, 'ticket-api')).not.toBe(before);
    }
  };

  it('the gateway says who it is, the service it was meant for believes it', async () => {
    const signed = await gateway.sign(ada, 'ticket-api');
    expect(await tickets.verify(signed)).toEqual(ada);
    expect(tickets.known(signed)).toEqual(ada);
  });

  it('says the same of a key, and never takes one for a person', async () => {
    const shop = { keyId: PERSON, tenantId: ada.userId, name: 'Shop', scopes: ['checkin'] } as const;
    const signed = await gateway.sign(shop, 'ticket-api');
    expect(await tickets.verify(signed)).toEqual(shop);
    expect(await gateway.sign(shop, 'ticket-api')).toBe(signed);
    const changes: Partial<ApiKey>[] = [{ tenantId: PERSON }, { name: 'Till' }, { scopes: [] }];
    await isSaidAnew<ApiKey>(shop, [...changes, { scopes: ['orders:read'] }]);
  });

  it('who vouches for a person travels with the word', async () => {
    const foreign = { ...ada, sessionId: 's-2', issuer: 'https://issuer.example', externalId: 'a/b' };
    const signed = await gateway.sign(foreign, 'ticket-api');
    expect(await tickets.verify(signed)).toEqual(foreign);
    // Who the person is there may turn out to read as somebody else here.
    const { externalId: _, ...unnamed } = foreign;
    expect(await gateway.sign(unnamed, 'ticket-api')).not.toBe(signed);
  });

  it('hard case 21: takes a token of a clock that is a minute off, and no more', async () => {
    const judged = async (iat: number) => {
      const signed = await token({ iat, exp: iat + 60 }).sign(keys.gateway.signingKey);
      return tickets.verify(signed).then(
        () => 'taken',
        () => 'refused',
      );
    };
    const behind = [now() - 110, now() - 130];
    const ahead = [now() + 50, now() + 90];
    expect(await Promise.all([...behind, ...ahead].map(judged))).toEqual(['taken', 'refused', 'taken', 'refused']);
  });

  it('is signed once per caller and audience while its facts stay the same', async () => {
    const first = await gateway.sign(ada, 'ticket-api');
    expect(await gateway.sign({ ...ada }, 'ticket-api')).toBe(first);
    expect(await gateway.sign(ada, 'payment-service')).not.toBe(first);
    expect(await gateway.sign({ ...ada, userId: PERSON }, 'ticket-api')).not.toBe(first);
    await isSaidAnew(ada, [{ email: 'ada@example.org' }, { name: 'Ada L.' }, { emailVerified: false }]);
    await isSaidAnew(ada, [{ issuer: 'https://issuer.example' }, { externalId: 'a/b' }]);
  });

  it.each([
    ['for another service', () => token({ aud: 'payment-service' }).sign(keys.gateway.signingKey)],
    ['of the other type', () => token({ typ: 'service+jwt' }).sign(keys.gateway.signingKey)],
    ['by another service that calls itself the gateway', () => token().sign(keys.payments.signingKey)],
    [
      'by another service under its own name',
      () => token({ kid: 'payment-service', iss: 'payment-service' }).sign(keys.payments.signingKey),
    ],
    ['issued by somebody else', () => token({ iss: 'payment-service' }).sign(keys.gateway.signingKey)],
    ['under another name of the algorithm', () => token({ alg: 'Ed25519' }).sign(keys.gateway.signingKey)],
    ['that has ended', () => token({ iat: now() - 200, exp: now() - 100 }).sign(keys.gateway.signingKey)],
    ['that lives too long', () => token({ iat: now() - 300, exp: now() + 3600 }).sign(keys.gateway.signingKey)],
    [
      'signed with the public key as a shared secret',
      () =>
        token({ alg: 'HS256' }).sign(createPublicKey(keys.gateway.signingKey).export({ type: 'spki', format: 'der' })),
    ],
    [
      'without a signature',
      async () => {
        const [, payload] = (await token().sign(keys.gateway.signingKey)).split('.');
        return `${Buffer.from('{"alg":"none","typ":"identity+jwt"}').toString('base64url')}.${payload}.`;
      },
    ],
    ['that is none', async () => 'nonsense'],
  ])('refuses a token %s', async (_, make) => {
    const made = await make();
    await expect(tickets.verify(made)).rejects.toThrow();
    expect(tickets.known(made)).toBeUndefined();
  });
});

describe('service tokens', () => {
  afterEach(() => void jest.useRealTimers());

  it('are made anew before they end, as are those of persons', async () => {
    const payments = new ServiceTokens(keys.payments);
    const gateway = new IdentityTokens(keys.gateway);
    const made = () => Promise.all([payments.sign('ticket-api'), gateway.sign(ada, 'ticket-api')]);
    const first = await made();
    expect(await made()).toEqual(first);
    jest.useFakeTimers({ now: Date.now() + 31_000 });
    const [service, identity] = await made();
    expect([service === first[0], identity === first[1]]).toEqual([false, false]);
  });

  it('that never end are refused', async () => {
    const endless = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', typ: 'service+jwt', kid: 'payment-service' })
      .setIssuer('payment-service')
      .setAudience('ticket-api')
      .setIssuedAt()
      .sign(keys.payments.signingKey);
    await expect(new ServiceTokens(keys.tickets).verify(endless)).rejects.toThrow('exp');
  });

  it('name the service that made them, to the one they are for', async () => {
    const signed = await new ServiceTokens(keys.payments).sign('ticket-api');
    expect(await new ServiceTokens(keys.tickets).verify(signed)).toBe('payment-service');
    await expect(new ServiceTokens(keys.gateway).verify(signed)).rejects.toThrow();
  });

  it('a service cannot speak as another', async () => {
    const forged = await token({ typ: 'service+jwt', kid: 'payment-service', iss: 'api-gateway' }).sign(
      keys.payments.signingKey,
    );
    await expect(new ServiceTokens(keys.tickets).verify(forged)).rejects.toThrow('owner of the key');
  });

  it('about a body fit that body alone', async () => {
    const signed = await new ServiceTokens(keys.gateway).signBody('ticket-api', '{"a":1}');
    const tickets = new ServiceTokens(keys.tickets);
    expect(await tickets.verifyBody(signed, Buffer.from('{"a":1}'))).toBe('api-gateway');
    await expect(tickets.verifyBody(signed, Buffer.from('{"a":2}'))).rejects.toThrow('another body');
    await expect(tickets.verify(signed)).rejects.toThrow('one body alone');
    const unbound = await new ServiceTokens(keys.gateway).sign('ticket-api');
    await expect(tickets.verifyBody(unbound, Buffer.from('{"a":1}'))).rejects.toThrow('another body');
  });

  it('the word about a person is not the word of a service', async () => {
    const identity = await new IdentityTokens(keys.gateway).sign(ada, 'ticket-api');
    await expect(new ServiceTokens(keys.tickets).verify(identity)).rejects.toThrow();
  });
});

describe('what a shown token has proven', () => {
  const stated = {
    issuer: 'https://issuer.example',
    subjectClaim: 'sub',
    subject: 'grete',
    emailVerified: true,
    issuedAt: 1,
  };
  const tickets = new ProvenIdentities(keys.tickets);

  it('is told by the gateway, about the person who showed it', async () => {
    const word = await new ProvenIdentities(keys.gateway).sign(ada.userId, stated, 'ticket-api');
    expect(await tickets.of(ada.userId, word)).toEqual(stated);
    expect(await tickets.of(PERSON, word)).toBeUndefined();
    expect(await new ProvenIdentities(keys.payments).of(ada.userId, word)).toBeUndefined();
  });

  it.each<[string, () => unknown]>([
    ['nobody', () => undefined],
    ['a list', () => []],
    ['another service', () => new ProvenIdentities(keys.payments).sign(ada.userId, stated, 'ticket-api')],
    ['the word about a caller', () => new IdentityTokens(keys.gateway).sign(ada, 'ticket-api')],
    ['the word of a service', () => new ServiceTokens(keys.gateway).sign('ticket-api')],
  ])('is not told by %s', async (_, word) => {
    expect(await tickets.of(ada.userId, await word())).toBeUndefined();
  });

  it('is no word about a caller', async () => {
    const word = await new ProvenIdentities(keys.gateway).sign(ada.userId, stated, 'ticket-api');
    await expect(new IdentityTokens(keys.tickets).verify(word)).rejects.toThrow('typ');
    await expect(new ServiceTokens(keys.tickets).verify(word)).rejects.toThrow('typ');
  });
});

describe('keys and caches', () => {
  it('a public key that does not belong to the signing key is refused at once', () => {
    const { signingKey } = material['ticket-api'];
    expect(() => new ServiceKeys('api-gateway', { ...material['api-gateway'], signingKey })).toThrow('does not belong');
  });

  it('a full cache keeps what is asked for, and forgets the older half of the rest', () => {
    const cache = new TokenCache<number>(4);
    const later = Date.now() + 1000;
    cache.set('often', 0, later);
    for (let count = 1; count < 100; count += 1) {
      cache.set(`once ${count}`, count, later);
      expect(cache.get('often')).toBe(0);
      expect(cache.get(`once ${count}`)).toBe(count);
      expect(cache.size).toBeLessThanOrEqual(4);
    }
    expect(cache.get('once 90')).toBeUndefined();
  });

  it('a full cache forgets its oldest entry, an ended one is not given out', () => {
    const cache = new TokenCache<number>(2);
    const later = Date.now() + 1000;
    cache.set('a', 1, later);
    cache.set('b', 2, later);
    cache.set('c', 3, later);
    cache.set('d', 4, Date.now() - 1);
    expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name))).toEqual([undefined, undefined, 3, undefined]);
    expect(cache.size).toBeLessThanOrEqual(2);
  });
});

const now = () => Math.floor(Date.now() / 1000);
