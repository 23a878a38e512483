import { bracketed, invalidRequest } from './stripe-error.js';

/** A request's parameters before they are judged: texts, nested by brackets. A list has the keys '0', '1', … */
export interface FormParameters {
  [name: string]: string | FormParameters;
}

const MAX_DEPTH = 8;
const MAX_PAIRS = 2_000;

/**
 * Reads Stripe's form encoding, of bodies and of query strings: `a[b][0]=x` is `{ a: { b: { 0: 'x' } } }`, and `a[]=x`
 * appends. @throws StripeError 400 for brackets or escapes that cannot be read, or too many of them.
 */
export function parseForm(text: string): FormParameters {
  const parameters = emptyHash();
  const pairs = text === '' ? [] : text.split('&');
  if (pairs.length > MAX_PAIRS) throw unreadable('it has too many parameters');
  for (const pair of pairs) {
    const [name = '', ...value] = pair.split('=');
    if (name !== '') put(parameters, keysOf(decode(name)), decode(value.join('=')));
  }
  return parameters;
}

/** Without a prototype: a parameter may be called `constructor`. */
const emptyHash = (): FormParameters => Object.create(null) as FormParameters;

const unreadable = (why: string) => invalidRequest(`Invalid request: ${why}.`);

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw unreadable('a percent escape cannot be decoded');
  }
  // PostgreSQL cannot store it.
  if (decoded.includes('\u0000')) throw unreadable('it contains a NUL character');
  return decoded;
}

function keysOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) throw unreadable(`the brackets of '${name}' do not match`);
  const keys = [
    match[1] as string,
    ...[...(match[2] as string).matchAll(/\[([^[\]]*)\]/g)].map((key) => key[1] as string),
  ];
  if (keys.length > MAX_DEPTH) throw unreadable(`'${name}' is nested too deeply`);
  return keys;
}

function put(hash: FormParameters, keys: string[], value: string): void {
  let target = hash;
  for (const [depth, key] of keys.entries()) {
    const name = key === '' ? String(Object.keys(target).length) : key;
    const present = target[name];
    if (depth === keys.length - 1) {
      if (typeof present === 'object') throw unreadable(`'${bracketed(keys)}' is both a value and a hash`);
      target[name] = value;
      return;
    }
    if (typeof present === 'string')
      throw unreadable(`'${bracketed(keys.slice(0, depth + 1))}' is both a value and a hash`);
    target = target[name] = present ?? emptyHash();
  }
}
