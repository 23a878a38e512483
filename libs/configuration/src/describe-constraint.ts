import { z } from 'zod';

const SCHEMES = ['http', 'https', 'postgres', 'postgresql', 'amqp', 'amqps', 'redis', 'rediss', 'smtp', 'smtps'];

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  format?: string;
  items?: JsonSchema;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** What a variable's value must be, in words that go on after “is not”. */
export function describeConstraint(field: z.ZodType): string {
  const schema = z.toJSONSchema(field, { unrepresentable: 'any' }) as JsonSchema;
  return schema.format === 'uri' ? urlWords(field) : words(schema);
}

function words({ type, enum: values, format, items, ...limits }: JsonSchema): string {
  if (values) return `one of ${values.join(', ')}`;
  if (type === 'array')
    return `a comma list of ${between(limits.minItems, limits.maxItems)}values, each ${words(items ?? {})}`;
  if (type === 'integer') return `a whole number ${range(limits)}`.trim();
  if (type === 'number') return `a number ${range(limits)}`.trim();
  const kind = format ?? 'text';
  return limits.minLength ? `${kind} of at least ${limits.minLength} characters` : kind;
}

function range({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const least = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least === undefined || least === Number.MIN_SAFE_INTEGER) return most === undefined ? '' : `of at most ${most}`;
  if (most !== undefined)
    return exclusiveMinimum === undefined ? `from ${least} to ${most}` : `${least}, up to ${most}`;
  return exclusiveMinimum === undefined ? `of at least ${least}` : String(least);
}

function between(least?: number, most?: number): string {
  if (most === undefined) return least ? `at least ${least} ` : '';
  return `${least ?? 0} to ${most} `;
}

function urlWords(field: z.ZodType): string {
  let { def } = field as { def: { innerType?: { def: typeof def }; protocol?: RegExp } };
  while (def.innerType) def = def.innerType.def;
  const schemes = SCHEMES.filter((scheme) => def.protocol?.test(scheme)).map((scheme) => `${scheme}://`);
  return schemes.length === 0 ? 'a URL' : `a URL that begins with ${schemes.join(' or ')}`;
}
