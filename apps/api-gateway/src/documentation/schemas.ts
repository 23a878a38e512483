import * as contracts from '@app/contracts';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** Every error's body (RFC 9457). */
const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().describe('stable; clients decide by it'),
    requestId: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('with `validation-failed`'),
  })
  .describe('RFC 9457 problem details');

/** Schemas that the contracts export are named in the document; what they have in common appears once. */
const named = z.registry<{ id: string }>();
const wire = /^(Envelope|Buyer|EventFacts|OrderLine|OrderGroup\w*)$/;
for (const [id, schema] of Object.entries({ ...contracts, Problem }))
  if (schema instanceof z.ZodType && !wire.test(id)) named.add(schema, { id });

const SECTION = '#/components/schemas/';

/** What goes over the wire is what a schema takes, before transforms: hence `input` for requests and answers alike. */
const settings = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any', metadata: named } as const;

/** JSON Schema of `schema`, with references into the document's components. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, $defs: __, ...own } = withReferences(z.toJSONSchema(schema, settings));
  return own;
}

/** `components.schemas` of the document. */
export function components(): Record<string, JsonSchema> {
  const all: Record<string, JsonSchema> = {};
  for (const schema of Object.values({ ...contracts, Problem })) {
    if (!(schema instanceof z.ZodType) || !named.has(schema)) continue;
    // A schema with a name is a reference to it; what it is lies among the definitions.
    const { $defs } = withReferences(z.toJSONSchema(schema, settings));
    for (const [name, { id: _, ...definition }] of Object.entries($defs as Record<string, JsonSchema>))
      all[name] ??= definition;
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)));
}

const withReferences = (schema: object): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${SECTION}`)) as JsonSchema;

export const reference = (name: string) => ({ $ref: `${SECTION}${name}` });
