import { Logger } from '@nestjs/common';
import type { Operation } from '@app/contracts';
import { z } from 'zod';

/** What is declared of a value; `note` hears the names of what is not. */
type Keep = (value: unknown, note: (field: string) => void) => unknown;

type Definition = z.core.$ZodTypes['_zod']['def'];
const definitionOf = (schema: z.core.$ZodType) => (schema as unknown as { def: Definition }).def;

const SCALARS = new Set('string number int boolean bigint date enum literal null undefined void nan'.split(' '));

/**
 * What an operation's success may say, and nothing else (OWASP ASVS 5.0, V15.3.1): fields that its schema does not
 * declare are taken out at every depth, and an object where the schema has a text or a number. The rest goes as it is: an
 * answer to what is done is not turned into an error because a field of it is not as promised. What was held back is
 * told once per field in the log, by its name.
 */
export function declaredAnswer({ id, responses }: Pick<Operation, 'id' | 'responses'>) {
  const log = new Logger('DeclaredAnswer');
  const told = new Set<string>();
  const note = (field: string) => {
    if (told.has(field)) return;
    told.add(field);
    log.error(`${id} would have answered with a field that its contract does not have: ${field}`);
  };
  const byStatus = new Map(Object.entries(responses).map(([status, declared]) => [Number(status), keepOf(declared)]));
  const [usual = nothing] = byStatus.values();
  return (status: number, answer: unknown): unknown => (byStatus.get(status) ?? usual)(answer, note);
}

const nothing: Keep = () => ({});

const keepOf = (declared: Operation['responses'][number]): Keep =>
  typeof declared === 'string' ? nothing : compile(declared);

/** @throws when a schema has a form whose fields cannot be told */
function compile(schema: z.core.$ZodType): Keep {
  const def = definitionOf(schema);
  if (SCALARS.has(def.type)) return scalar;
  switch (def.type) {
    case 'any':
    case 'unknown':
      return (value) => value;
    case 'object':
      return object(def);
    case 'array': {
      const element = compile(def.element);
      return (value, note) => (Array.isArray(value) ? value.map((one) => element(one, note)) : scalarOnly(value, note));
    }
    case 'record':
      return record(compile(def.valueType));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return compile(def.innerType);
    case 'pipe':
      return compile(def.in);
    case 'union':
      if (def.options.every((option) => SCALARS.has(definitionOf(option).type))) return scalar;
      return union(def.options.map((option) => ({ option, keep: compile(option) })));
  }
  throw new Error(`An answer cannot be declared as ${def.type}: say which fields it has.`);
}

function object(def: z.core.$ZodObjectDef): Keep {
  const fields = Object.entries(def.shape).map(([name, schema]) => ({ name, keep: compile(schema) }));
  const declared = new Set(fields.map(({ name }) => name));
  return (given, note) => {
    const value = asJson(given) as Record<string, unknown>;
    if (typeof value !== 'object' || value === null) return value;
    const kept: Record<string, unknown> = {};
    for (const { name, keep } of fields) {
      const one = value[name];
      if (one !== undefined) kept[name] = keep(one, note);
    }
    for (const name in value) if (!declared.has(name)) note(name);
    return kept;
  };
}

const record =
  (keep: Keep): Keep =>
  (given, note) => {
    const value = asJson(given);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, keep(one, note)]));
  };

/** The fields of the alternative that fits: one that no alternative describes says nothing. */
const union =
  (options: { option: z.core.$ZodType; keep: Keep }[]): Keep =>
  (value, note) =>
    (options.find(({ option }) => z.safeParse(option, value).success)?.keep ?? scalarOnly)(value, note);

const scalar: Keep = (value, note) => (typeof value === 'object' ? scalarOnly(asJson(value), note) : value);

function scalarOnly(value: unknown, note: (field: string) => void): unknown {
  if (typeof value !== 'object' || value === null) return value;
  note('(an object in the place of a value)');
  return undefined;
}

/** As `JSON.stringify` would see it: a date is a text. */
function asJson(value: unknown): unknown {
  const { toJSON } = (value ?? NONE) as { toJSON?: () => unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}
const NONE = {};
