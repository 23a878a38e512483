import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { parseForm, type FormParameters } from './form-encoding.js';
import { parameterError } from './parameter-error.js';

/** Parameters as texts of a form; the schema turns them into what Stripe's documentation calls integer, enum, hash, … */
export class Parameters<Schema extends z.ZodType> implements PipeTransform {
  constructor(private readonly schema: Schema) {}

  /** @throws StripeError 400 that names the first parameter that is unknown, missing or wrong. */
  transform(value: FormParameters | undefined): z.output<Schema> {
    const parsed = this.schema.safeParse(value ?? {}, { reportInput: true });
    if (!parsed.success) throw parameterError(parsed.error);
    return parsed.data;
  }
}

/** The same, of what follows the question mark of an address. */
export class QueryParameters<Schema extends z.ZodType> implements PipeTransform {
  private readonly parameters: Parameters<Schema>;

  constructor(schema: Schema) {
    this.parameters = new Parameters(schema);
  }

  /** @throws StripeError 400 */
  transform({ written }: { written?: string }): z.output<Schema> {
    return this.parameters.transform(parseForm(written ?? ''));
  }
}

export const hash = z.strictObject;

export const text = (max = 5_000) => z.string().min(1).max(max);

/** A whole number in decimal digits. */
export const integer = (minimum = Number.MIN_SAFE_INTEGER) =>
  z.string().transform((written, context): number => {
    const number = Number(written);
    const isInteger = /^-?\d{1,15}$/.test(written);
    if (isInteger && number >= minimum) return number;
    const message = isInteger
      ? `This value must be greater than or equal to ${minimum}.`
      : `Invalid integer: ${written.slice(0, 50)}`;
    context.addIssue({ code: 'custom', message, params: { stripeCode: 'parameter_invalid_integer' } });
    return z.NEVER;
  });

const isList = (value: unknown): value is FormParameters =>
  typeof value === 'object' && value !== null && Object.keys(value).every((key) => /^\d+$/.test(key));

/** `name[0]`, `name[1]`, … or `name[]`. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (isList(value) ? Object.values(value) : value), z.array(item));

/** https://docs.stripe.com/api/metadata: 50 keys of 40 characters, values of 500; an empty value is no value. */
export const Metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'Metadata can have up to 50 keys.')
  .transform((metadata) => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== '')));
export type Metadata = z.infer<typeof Metadata>;

export const url = text().refine(
  (value) => /^https?:\/\//i.test(value) && URL.canParse(value.replaceAll('{CHECKOUT_SESSION_ID}', 'id')),
  { message: 'Not a valid URL', params: { stripeCode: 'url_invalid' } },
);

export const email = text(800).refine((value) => z.email().safeParse(value).success, {
  error: ({ input }) => `Invalid email address: ${String(input).slice(0, 100)}`,
  params: { stripeCode: 'email_invalid' },
});

export const Expand = list(text(200)).optional();

export const Retrieve = hash({ expand: Expand });

/** Of Unix seconds: a moment, or `[gt]`, `[gte]`, `[lt]`, `[lte]`. */
export const CreatedRange = z.union([
  integer(0).transform((moment) => ({ gte: moment, lte: moment })),
  hash({
    gt: integer(0).optional(),
    gte: integer(0).optional(),
    lt: integer(0).optional(),
    lte: integer(0).optional(),
  }),
]);

/** The parameters that every list takes. */
export const page = {
  limit: integer(1)
    .refine((limit) => limit <= 100, {
      message: 'This value must be less than or equal to 100.',
      params: { stripeCode: 'parameter_invalid_integer' },
    })
    .default(10),
  starting_after: text(200).optional(),
  created: CreatedRange.optional(),
  expand: Expand,
};
