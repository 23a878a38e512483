import { idsIn } from '../pool/facts.mjs';
import { kindOfPathParameter } from '../pool/kinds.mjs';
import { extraHeaders, idempotencyKey, isSendable } from './headers.mjs';
import { ODD_IDS, ODD_TEXTS } from './odd-values.mjs';
import { trickPath } from './paths.mjs';
import { relate } from './relations.mjs';
import { broken, extraField, spoilt, WRONG_TYPES } from './spoil.mjs';
import fc from 'fast-check';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'];
const PEOPLE = { buyer: 5, organizer: 7, rival: 4, scanner: 2, stranger: 3, leaver: 1, admin: 1, shop: 3, kiosk: 1 };
const WHO = { ...PEOPLE, nobody: 2, impostor: 2 };
const ADMINS = /^\/api\/v1\/admin\//;
/** What only a cookie can do. */
const BY_COOKIE = /^\/api\/v1\/auth\/(refresh|signout)$/;
const KEYS = new Set(['shop', 'kiosk']);
/** What ends sessions or changes who somebody is: nobody's but the leaver's, whose account may be lost. */
const RISKY = /^\/api\/v1\/(auth|users\/me)(\/|$)/;
const BODIES = { fits: 9, spoilt: 4, extra: 2, broken: 2, 'anything at all': 1, none: 1, 'of a wrong type': 1 };
const JSON_TYPE = 'application/json';

/**
 * One request by chance.
 * @returns { number, operation, who, how, method, path, headers, body, oddities }: `who` is an actor's name, `how` the kind of
 * credential, `oddities` what is unusual about it, by name
 */
export function draw(choice, number, { operations, pool, facts, values, cast }) {
  const operation = operations[Number(choice.weighted(weightsOf(operations)))];
  const oddities = {};
  let method = operation.method;
  if (choice.chance(0.02)) {
    method = choice.oneOf(METHODS);
    if (method !== operation.method) oddities.method = method;
  }
  const params = paramsOf(choice, operation, pool);
  const query = queryOf(choice, operation, values, oddities);
  const intended = operation.body?.schema && choice.of(values.of(operation.body.schema));
  const both = { ...params, ...query };
  relate(choice, { facts, pool }, both, intended);
  let path = operation.params.reduce(
    (text, name) => text.replace(`{${name}}`, () => encode(both[name])),
    operation.path,
  );
  const { who, how } = credential(choice, operation, method, cast, (name) =>
    concerns(facts, operation, path, cast.actor(name)),
  );
  if (choice.chance(0.03)) {
    const tricky = trickPath(choice, path);
    if (tricky !== path) oddities.path = true;
    path = tricky;
  }
  path += searchOf(choice, query, both, oddities);
  const headers = choice.chance(0.15) ? extraHeaders(choice) : {};
  if (Object.keys(headers).length > 0) oddities.headers = true;
  const key = operation.takesKey ? 0.4 : 0.05;
  if (choice.chance(key)) headers['idempotency-key'] = idempotencyKey(choice, number);
  const body =
    method === 'GET' || method === 'HEAD' ? undefined : bodyOf(choice, operation, intended, headers, oddities);
  for (const [name, value] of Object.entries(headers)) if (!isSendable(value)) delete headers[name];
  const again = headers['idempotency-key'] && operation.takesKey && choice.chance(0.5);
  return { number, operation, who, how, method, path, headers, body, oddities, again: Boolean(again) };
}

/** What ends things is rare, or soon nothing is left to be asked about; what begins them is not. */
const RARE = { cancelEvent: 0.03, signOut: 0.3, suspendOrganization: 0.2 };
const ENDING = /refund|cancel|return|remove|delete|revoke|suspend|erase/i;
const BEGINNING = /^(create|place|purchase|reserve|publish|invite|accept|checkIn|confirm)/;
const weights = new WeakMap();

function weightsOf(operations) {
  const known = weights.get(operations);
  if (known) return known;
  const weigh = ({ id, method }) =>
    RARE[id] ?? (method !== 'GET' && ENDING.test(id) ? 0.4 : BEGINNING.test(id) ? 2.5 : 1);
  const made = Object.fromEntries(operations.map((operation, at) => [at, weigh(operation)]));
  weights.set(operations, made);
  return made;
}

/** @param isParty whether a person may have to do with what the path names; mostly it is one who has */
function credential(choice, operation, method, cast, isParty) {
  const parties = choice.chance(0.6) ? Object.keys(cast.people).filter(isParty) : [];
  let who = parties.length > 0 && operation.params.length > 0 ? choice.oneOf(parties) : choice.weighted(WHO);
  if (ADMINS.test(operation.path) && choice.chance(0.5)) who = 'admin';
  // A platform that is not our own has no administrator.
  if (who in PEOPLE && !cast.people[who]) who = 'stranger';
  if (RISKY.test(operation.path) && method !== 'GET' && cast.people[who] && !KEYS.has(who)) who = 'leaver';
  if (who === 'nobody') return { who, how: 'none' };
  if (who === 'impostor') return { who: 'nobody', how: choice.oneOf(Object.keys(cast.bad)) };
  const { hows } = cast.people[who];
  const isByCookie = BY_COOKIE.test(operation.path) && 'cookie' in hows && choice.chance(0.6);
  return { who, how: isByCookie ? 'cookie' : choice.weighted(hows) };
}

function concerns(facts, { path, params }, given, actor) {
  const ids = idsIn(path, given);
  return params.every((name) => !facts.isForeign(kindOfPathParameter(path, name), ids[name], actor));
}

function paramsOf(choice, { path, params }, pool) {
  return Object.fromEntries(
    params.map((name) => {
      const way = choice.weighted({ known: 18, unknown: 1, odd: 2 });
      const known = way === 'known' && pool.pick(kindOfPathParameter(path, name), choice.below(2 ** 20));
      const odd = () => choice.oneOf([...ODD_IDS, ...ODD_TEXTS.filter(Boolean)]);
      const value = known || (way === 'odd' ? odd() : choice.of(fc.uuid()));
      return [name, name === 'userId' && choice.chance(0.3) ? 'me' : value];
    }),
  );
}

function queryOf(choice, { query }, values) {
  const pairs = query.filter(({ required }) => (required ? choice.chance(0.95) : choice.chance(0.5)));
  return Object.fromEntries(
    pairs.map(({ name, schema }) => {
      const fits = choice.chance(0.85);
      return [
        name,
        fits ? String(choice.of(values.of(schema, name))) : choice.oneOf([...ODD_TEXTS, ...ODD_IDS, '101', '0']),
      ];
    }),
  );
}

function searchOf(choice, query, values, oddities) {
  const pairs = Object.keys(query).map((name) => [name, values[name]]);
  const odd = choice.weighted({ unknown: 4, repeated: 4, none: 92 });
  if (odd === 'unknown') {
    const name = choice.oneOf(['surprise', '__proto__', 'limit[]', 'limit[$gt]', 'cursor.x', '']);
    pairs.push([name, choice.oneOf(['', '1', '[object Object]'])]);
    oddities.query = 'unknown';
  } else if (odd === 'repeated' && pairs.length > 0) {
    pairs.push(pairs[0]);
    oddities.query = 'repeated';
  }
  return pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`;
}

function bodyOf(choice, { body: declared }, value, headers, oddities) {
  if (!declared) {
    if (choice.chance(0.85)) return undefined;
    headers['content-type'] = JSON_TYPE;
    oddities.body = 'undeclared';
    return choice.oneOf(['{}', '{"x":1}', '[]', 'null', '{', '']);
  }
  if (declared.raw) {
    headers['content-type'] = JSON_TYPE;
    return choice.oneOf(['{}', '{"id":"evt_1","type":"checkout.session.completed"}', '\u0000', 'x'.repeat(70_000)]);
  }
  const way = choice.weighted(BODIES);
  if (way !== 'fits') oddities.body = way;
  if (way === 'none') return undefined;
  headers['content-type'] = way === 'of a wrong type' ? choice.oneOf(WRONG_TYPES) : JSON_TYPE;
  if (way === 'spoilt') return JSON.stringify(spoilt(choice, value));
  if (way === 'anything at all') return JSON.stringify(choice.of(fc.jsonValue()));
  if (way === 'broken') return broken(choice, JSON.stringify(value));
  if (way === 'extra') {
    const extra = extraField(choice, value);
    if (extra) oddities.extra = extra.name;
    return JSON.stringify(extra?.value ?? value);
  }
  return JSON.stringify(value);
}

/** As a URI component; halves of surrogate pairs, which have none, as their bytes would be. */
const encode = (text) => encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
