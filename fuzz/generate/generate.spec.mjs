import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsOf } from '../document/operations.mjs';
import { Shapes } from '../document/shapes.mjs';
import { Actor } from '../people/actor.mjs';
import { Key } from '../people/key.mjs';
import { Facts } from '../pool/facts.mjs';
import { Pool } from '../pool/pool.mjs';
import { Choice } from './choice.mjs';
import { draw } from './draw.mjs';
import { Values } from './values.mjs';

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'));
const SAMPLE = 6_000;
const PEOPLE = ['buyer', 'organizer', 'rival', 'scanner', 'stranger', 'leaver', 'admin'];
const cast = {
  people: Object.fromEntries([
    ...PEOPLE.map((name) => [name, new Actor('', name)]),
    ...['shop', 'kiosk'].map((name) => [name, new Key(name)]),
  ]),
  bad: { rubbish: 'Bearer rubbish', expired: 'Bearer old' },
  actor: (name) => cast.people[name] ?? { name: 'nobody', ids: new Set() },
  email: () => 'leaver@example.com',
  fresh: () => 'fresh@example.com',
  anyEmail: () => 'any@example.com',
  password: () => 'a password that is long',
};

function drawing(seed) {
  const [pool, facts] = [new Pool(), new Facts()];
  pool.add('event', '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47', { step: 3, pointer: '/id' });
  const operations = operationsOf(document);
  const world = { operations, pool, facts, values: new Values(document, pool, cast), cast };
  return (number) => draw(new Choice(seed, number), number, world);
}

describe('requests by chance', () => {
  const shapes = new Shapes(document);
  const next = drawing(1);
  const drawn = Array.from({ length: SAMPLE }, (_, number) => next(number));

  it('are the same for the same seed, and others for another', () => {
    const [again, other] = [drawing(1), drawing(2)];
    // Instants are told from now on.
    const without = ({ body: _, ...rest }) => rest;
    for (const number of [0, 1, 77, 500]) expect(without(again(number))).toEqual(without(drawn[number]));
    expect(Array.from({ length: 20 }, (_, number) => other(number).path)).not.toEqual(
      drawn.slice(0, 20).map(({ path }) => path),
    );
  });

  it('ask every operation, as everybody, with and without a good credential', () => {
    const ids = operationsOf(document).map(({ id }) => id);
    const asked = new Set(drawn.map(({ operation }) => operation.id));
    // What is rare (it ends things) comes later, but it comes.
    for (let number = SAMPLE; asked.size < ids.length && number < 10 * SAMPLE; number++)
      asked.add(next(number).operation.id);
    expect(asked).toEqual(new Set(ids));
    const who = new Set(drawn.map(({ who: name }) => name));
    expect(who).toEqual(new Set([...Object.keys(cast.people), 'nobody']));
    const how = new Set(drawn.map(({ how: kind }) => kind));
    const good = ['bearer', 'cookie', 'cookie from another site', 'key as Bearer', 'key in X-API-Key'];
    expect(how).toEqual(new Set([...good, 'none', 'rubbish', 'expired']));
  });

  it('have odd paths, methods, queries and bodies of every kind', () => {
    const odd = new Set(
      drawn.flatMap(({ oddities }) =>
        Object.entries(oddities).map(([name, kind]) =>
          name === 'body' || name === 'query' ? `${name} ${kind}` : name,
        ),
      ),
    );
    const kinds = ['spoilt', 'extra', 'broken', 'anything at all', 'none', 'of a wrong type', 'undeclared'];
    expect([...odd]).toEqual(
      expect.arrayContaining([
        'path',
        'method',
        'headers',
        'query unknown',
        'query repeated',
        ...kinds.map((kind) => `body ${kind}`),
      ]),
    );
  });

  it('are otherwise as the document says, so that they get past the door', () => {
    const plain = drawn.filter(
      ({ operation, oddities, method }) => operation.body?.schema && !oddities.body && method === operation.method,
    );
    const good = plain.filter(
      ({ operation, body }) => shapes.wrongRequest(operation.body.schema, JSON.parse(body)) === undefined,
    );
    expect(plain.length).toBeGreaterThan(500);
    expect(good.length / plain.length).toBeGreaterThan(0.6);
  });

  it('no person but the leaver ends sessions or changes an account', () => {
    const people = new Set(PEOPLE);
    const risky = drawn.filter(
      ({ path, method, who }) => /^\/api\/v1\/(auth|users\/me)/.test(path) && method !== 'GET' && people.has(who),
    );
    expect(risky.length).toBeGreaterThan(50);
    expect(new Set(risky.map(({ who }) => who))).toEqual(new Set(['leaver']));
  });

  it('can be sent: no path, header or method that a client refuses', () => {
    for (const { path, headers } of drawn) {
      expect(path).toMatch(/^\/[\x21-\x7e]*$/);
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
    }
  });
});
