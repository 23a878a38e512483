import { z } from 'zod';

/** Longer than any id of Stripe's (255 characters), shorter than what an index of PostgreSQL takes. */
const MAX_ID = 500;

/** PostgreSQL takes neither NUL nor half a surrogate pair. */
const unstorable = /\0|\p{Surrogate}/u;

export const providerText = z.string().refine((text) => !unstorable.test(text), 'cannot be stored');

/** An id of the provider's. */
export const providerId = providerText.max(MAX_ID);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What may be an id of ours. Metadata can be anything: another system may use the same account. */
export const uuidOrNull = (text: string | null | undefined) => (text && uuid.test(text) ? text : null);

/** The same text with U+FFFD for whatever cannot be stored. */
export const storableText = (text: string) => text.replaceAll(new RegExp(unstorable, 'gu'), '\ufffd');

/** JSON that PostgreSQL takes: of `JSON.stringify`, which escapes NUL and every half of a pair that stands alone. */
export const storableJson = (value: unknown) =>
  JSON.stringify(value).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape.length > 2 ? '\\ufffd' : escape,
  );
