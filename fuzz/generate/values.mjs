import fc from 'fast-check';
import { kindOfParameter } from '../pool/kinds.mjs';
import { ODD_IDS } from './odd-values.mjs';

const DAY = 86_400_000;
/** Days from now for instants that belong together, so that most events can be sold. */
const WHEN = {
  startsAt: [10, 20],
  endsAt: [21, 30],
  salesStartAt: [-9, -1],
  salesEndAt: [5, 9],
  refundableUntil: [5, 9],
};
const MANY_PROPERTIES = 0.6;

/** Arbitraries for what a JSON schema of the document takes; ids come from what earlier answers told. */
export class Values {
  /** @param pool @see ../pool/pool.mjs @param people { email(), fresh(), password() } for accounts that may be spoilt */
  constructor(document, pool, people) {
    Object.assign(this, { document, pool, people, made: new Map() });
  }

  /** @param name of the field that the schema is of; it tells which ids fit */
  of(schema, name = '') {
    const made = this.made.get(schema)?.get(name);
    if (made) return made;
    const arbitrary = this.make(this.resolve(schema), name);
    if (!this.made.has(schema)) this.made.set(schema, new Map());
    this.made.get(schema).set(name, arbitrary);
    return arbitrary;
  }

  resolve(schema) {
    if (!schema.$ref) return schema;
    return this.resolve(
      schema.$ref
        .slice(2)
        .split('/')
        .reduce((at, key) => at[key], this.document),
    );
  }

  make(schema, name) {
    const branches = schema.oneOf ?? schema.anyOf;
    if (branches) return fc.oneof(...branches.map((branch) => this.of(branch, name)));
    if (schema.allOf) return this.of(schema.allOf[0], name);
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    if (type === 'object') return this.object(schema);
    if (type === 'array') return this.array(schema, name);
    if (type === 'integer' || type === 'number') return number(schema);
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    if (type === 'string') return this.text(schema, name);
    return fc.jsonValue({ maxDepth: 2 });
  }

  object({ properties = {}, required = [] }) {
    const withPassword = 'password' in properties;
    const entries = Object.entries(properties).map(([name, schema]) => {
      // Whoever signs in is somebody whose account may be locked.
      const value = name === 'email' && withPassword ? this.account() : this.of(schema, name);
      const isThere = required.includes(name) ? fc.constant(true) : chance(MANY_PROPERTIES);
      return fc.tuple(fc.constant(name), value, isThere);
    });
    return fc
      .tuple(...entries)
      .map((parts) =>
        Object.fromEntries(parts.filter(([, , isThere]) => isThere).map(([name, value]) => [name, value])),
      );
  }

  array({ items = {}, minItems = 0, maxItems = 5 }, name) {
    return fc.array(this.of(items, name), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(maxItems, 3)),
    });
  }

  account() {
    return fc.nat().map((n) => (n % 2 ? this.people.email() : this.people.fresh()));
  }

  text({ format, pattern, minLength = 0, maxLength = 60 }, name) {
    if (format === 'uuid') return this.id(name);
    if (format === 'email' || name === 'email')
      return fc.nat().map((n) => (n % 3 ? this.people.anyEmail(n) : this.people.fresh()));
    if (format === 'date-time') return instant(name);
    if (name === 'timezone') return fc.constantFrom('Europe/Paris', 'UTC', 'America/New_York', 'Asia/Kathmandu');
    if (/password/i.test(name))
      return fc.oneof(
        fc.nat().map(() => this.people.password()),
        words(12, 40),
      );
    if (name === 'currency') return fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY', 'KWD', 'XXX');
    if (['code', 'cursor', 'signature', 'token', 'refreshToken', 'scanId'].includes(name))
      return fc.oneof(
        { weight: 3, arbitrary: fc.nat().map((n) => this.pool.pick(name, n) ?? 'unknown') },
        { weight: 1, arbitrary: words(1, 40) },
      );
    if (pattern && pattern.length < 200) return fc.stringMatching(new RegExp(pattern, 'u'));
    return fc.oneof(
      { weight: 4, arbitrary: words(Math.max(1, minLength), Math.min(maxLength, 60)) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) }) },
    );
  }

  /** Mostly one that is there. */
  id(name) {
    const kind = kindOfParameter(name);
    return fc.oneof(
      { weight: 12, arbitrary: fc.nat().map((n) => this.pool.pick(kind, n) ?? '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47') },
      { weight: 1, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_IDS) },
    );
  }
}

const chance = (probability) => fc.nat({ max: 99 }).map((n) => n < probability * 100);

const instant = (name) => {
  const [from, to] = WHEN[name] ?? [-30, 60];
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc.integer({ min: from * DAY, max: to * DAY }).map((ms) => new Date(Date.now() + ms).toISOString()),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('1900-01-01T00:00:00Z', '9998-12-31T23:59:59.999Z', '2040-02-29T00:00:00+14:00'),
    },
  );
};

function number({ type, minimum = -1000, maximum = 1000, exclusiveMinimum, exclusiveMaximum }) {
  if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true });
  const min = Math.max(Number.MIN_SAFE_INTEGER, exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1);
  const max = Math.min(Number.MAX_SAFE_INTEGER, exclusiveMaximum === undefined ? maximum : exclusiveMaximum - 1);
  const small = fc.integer({ min, max: Math.min(max, min + 5) });
  return fc.oneof({ weight: 4, arbitrary: small }, { weight: 1, arbitrary: fc.integer({ min, max }) });
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789', 'ł', 'é', 'ß', '漢', '😀'];
const words = (minLength, maxLength) =>
  fc
    .array(fc.constantFrom(...LETTERS), { minLength, maxLength: Math.max(minLength, maxLength) })
    .map((parts) => parts.join('').slice(0, maxLength));
