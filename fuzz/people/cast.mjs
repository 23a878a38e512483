import { randomUUID } from 'node:crypto';
import { Actor } from './actor.mjs';
import { badTokens, outlivedTokens } from './bad-tokens.mjs';

const DEMO_PASSWORD = 'demo-password-1';

/**
 * Who takes part. The buyer, the organizer and the scanner have demo accounts; the rival owns another organization, the
 * stranger nothing. What ends sessions or changes accounts is done by the leaver only, whose account may be lost.
 */
export class Cast {
  /** @param signingKey ACCESS_TOKEN_KEY of a platform of our own @param secrets a Set-like of what no log may hold */
  static async assemble(url, { secrets, signingKey }) {
    const api = `${url}/api/v1`;
    secrets.add(DEMO_PASSWORD);
    const demo = (name) => new Actor(api, name, { email: `${name}@demo.example`, password: DEMO_PASSWORD }, secrets);
    const people = [demo('buyer'), demo('organizer'), demo('scanner')];
    for (const name of ['rival', 'stranger', 'leaver']) people.push(Actor.disposable(api, name, secrets));
    for (const person of people) await person.renew();
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
    const all = Object.values(this.people);
    return all[n % all.length].email;
  }
}
