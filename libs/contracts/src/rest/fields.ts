import { z } from 'zod';

/** PostgreSQL refuses NUL in text; so does every field of ours. */
const withoutNul = (value: string) => !value.includes('\u0000');

/** What would begin a header of a mail, or turn the direction of the text around it (Unicode, UAX #9). */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** One line, such as a name or a title. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !invisible.test(value), 'must be one line without control characters');

export const longText = (max: number) => z.string().max(max).refine(withoutNul, 'must not contain NUL');

export const Id = z.uuid().transform((id) => id.toLowerCase());

const EARLIEST = Date.parse('1900-01-01T00:00:00Z');
const LATEST = Date.parse('9999-01-01T00:00:00Z');

/** An instant: ISO 8601 with a zone in, UTC with `Z` out. PostgreSQL and JavaScript agree on years 0001–9999, in UTC. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine((at) => Date.parse(at) >= EARLIEST && Date.parse(at) < LATEST, 'is out of range');

/** Compared case-insensitively: kept in lower case. */
export const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());

/** Integer in the ISO 4217 minor unit of its currency. */
export const Money = z.strictObject({
  amount: z.int().min(0).max(99_999_999_99),
  currency: z.string().regex(/^[A-Z]{3}$/, 'is a three-letter ISO 4217 code'),
});
export type Money = z.infer<typeof Money>;

/** Who of the staff did something, as the others of the staff see it. */
export const Person = z.object({ id: Id, name: z.string() });

/** Header of every write that creates or moves money. */
export const IDEMPOTENCY_KEY = 'idempotency-key';

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

export const PageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'is a whole number from 1 to 100')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20),
  cursor: z.string().min(1).max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;
