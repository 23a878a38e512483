import { randomUUID } from 'node:crypto';
import { Actor } from './actor.mjs';
import { badTokens, outlivedTokens } from './bad-tokens.mjs';
import { Key } from './key.mjs';

const DEMO_PASSWORD = 'demo-password-1';

/**
 * Who takes part. The buyer, the organizer and the scanner have demo accounts; the rival owns another organization, the
 * stranger nothing. What ends sessions or changes accounts is done by the leaver only, whose account may be lost. Two
 * organizations have a key each; a platform of our own has an administrator.
 */
export class Cast {
  /**
   * @param signingKey ACCESS_TOKEN_KEY of a platform of our own @param secrets a Set-like of what no log may hold
   * @param admin { email, prove }: whom PLATFORM_ADMINS names, and what proves that the address is theirs
   */
  static async assemble(url, { secrets, signingKey, admin }) {
    const api = `${url}/api/v1`;
    secrets.add(DEMO_PASSWORD);
    const demo = (name) => new Actor(api, name, { email: `${name}@demo.example`, password: DEMO_PASSWORD }, secrets);
    const people = [demo('buyer'), demo('organizer'), demo('scanner')];
    for (const name of ['rival', 'stranger', 'leaver']) people.push(Actor.disposable(api, name, secrets));
    for (const person of people) await person.renew();
    if (admin) people.push(await administrator(api, admin, secrets));
    const keySet = await (await fetch(`${url}/.well-known/jwks.json`)).json();
    const good = people[0].token;
    const bad = { ...badTokens(good, keySet), ...(signingKey && (await outlivedTokens(signingKey, good, url))) };
    return new Cast(people, bad);
  }

  constructor(people, bad) {
    this.people = Object.fromEntries(people.map((person) => [person.name, person]));
    this.bad = bad;
    /** Without a credential, or with one that is none. */
    this.nobody = { name: 'nobody', ids: new Set() };
  }

  /** Software that acts as an organization. @param make () → the text of a new key */
  async admit(name, make) {
    this.people[name] = new Key(name, make);
    await this.people[name].renew();
  }

  actor(name) {
    return this.people[name] ?? this.nobody;
  }

  email() {
    return this.people.leaver.email;
  }

  password() {
    return this.people.leaver.account.password;
  }

  fresh() {
    return `fuzz-${randomUUID()}@example.com`;
  }

  anyEmail(n) {
    const all = Object.values(this.people).filter(({ email }) => email);
    return all[n % all.length].email;
  }
}

async function administrator(api, { email, prove }, secrets) {
  const person = Actor.disposable(api, 'admin', secrets);
  await person.open(email);
  await prove();
  // The token tells whether the address is proven.
  await person.renew();
  return person;
}
