import { deep, INHERITED, ODD_IDS, ODD_INSTANTS, ODD_NUMBERS, ODD_TEXTS } from './odd-values.mjs';

const VALUES = [
  null,
  true,
  [],
  {},
  [[]],
  { $gt: '' },
  'text',
  ...ODD_NUMBERS,
  ...ODD_TEXTS,
  ...ODD_INSTANTS,
  ...ODD_IDS,
];

/** The places of a JSON value: { holder, key } of each property and element. */
function placesOf(value, found = []) {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value, key });
    placesOf(value[key], found);
  }
  return found;
}

const WAYS = {
  missing: (choice, { holder, key }) => void (Array.isArray(holder) ? holder.splice(key, 1) : delete holder[key]),
  odd: (choice, { holder, key }) => void (holder[key] = choice.oneOf(VALUES)),
  'odd of its kind': (choice, { holder, key }) => void (holder[key] = choice.oneOf(kindOf(holder[key]))),
  listed: (choice, { holder, key }) => void (holder[key] = [holder[key]]),
  many: (choice, { holder, key }) => void (holder[key] = Array(choice.oneOf([2, 21, 1_000])).fill(holder[key])),
  text: (choice, { holder, key }) => void (holder[key] = String(holder[key])),
};

function kindOf(value) {
  if (typeof value === 'number') return ODD_NUMBERS;
  return /^\d{4}-\d\d-\d\dT/.test(value) ? ODD_INSTANTS : ODD_TEXTS;
}

/** A copy of a JSON value of which one thing is changed. */
export function spoilt(choice, value) {
  const copy = structuredClone(value);
  const places = placesOf(copy);
  if (places.length === 0) return choice.oneOf(VALUES);
  WAYS[choice.oneOf(Object.keys(WAYS))](choice, choice.oneOf(places));
  return copy;
}

/** A property that nobody declared; names that objects inherit are among them. */
export function extraField(choice, value) {
  const name = choice.oneOf(['surprise', 'isAdmin', 'tenantId', 'roles', 'id', 'status', 'toString', 'hasOwnProperty']);
  return name in Object(value) && Object.hasOwn(value, name)
    ? undefined
    : { name, value: { ...value, [name]: choice.oneOf([1, 'x', null, {}]) } };
}

const BREAKS = {
  cut: (choice, text) => text.slice(0, Math.max(1, choice.below(text.length))),
  'two documents': (_, text) => text + text,
  'a trailing comma': (_, text) => text.replace(/}$/, ',}'),
  'not a number': (_, text) => text.replace(/[\d.]+|"[^"]*"(?=[,}])/, 'NaN'),
  'a huge exponent': (_, text) => text.replace(/:\s*\d+/, ':1e999'),
  'single quotes': (_, text) => text.replaceAll('"', "'"),
  'a byte order mark': (_, text) => `\ufeff${text}`,
  'not UTF-8': (_, text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xc0, 0xaf, 0x7d])]),
  deep: (choice) => deep(choice.oneOf([65, 1_000, 30_000])),
  'an inherited name': (choice, text) => text.replace(/^{/, `{"${choice.oneOf(INHERITED)}":{"x":1},`),
  'an escaped inherited name': (_, text) => text.replace(/^{/, '{"\\u005f_proto__":{"admin":true},'),
  'a name twice': (choice, text) =>
    text.replace(/^{("[^"]*"):/, (whole, name) => `{${name}:${choice.oneOf(['1', 'null', '"x"'])},${name}:`),
  'too large': (_, text) => `${text.slice(0, -1)}${' '.repeat(70_000)}}`,
  nothing: () => '',
  blank: () => '   ',
  'a bare value': (choice) => choice.oneOf(['null', 'true', '1', '"x"', '[]', '[{}]']),
};

/** What may be no JSON, or not ours. @returns text or bytes */
export const broken = (choice, text) => BREAKS[choice.oneOf(Object.keys(BREAKS))](choice, text);

export const WRONG_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json; charset=utf-16',
  'application/merge-patch+json',
  'rubbish',
  'application/json, text/plain',
];
