import { z } from 'zod';
import { Email, Id } from '../rest/fields.js';

/**
 * `POST /internal/external-identities/resolve`: whose account a person of another issuer has here. The gateway has verified
 * the token; at first sight an account is made.
 */
export const ResolveExternalIdentity = z.strictObject({
  issuer: z.url().max(500),
  /** Which claim the subject was read from: the same text in another claim is another person. */
  subjectClaim: z.string().min(1).max(100),
  /** OpenID Connect Core §2: at most 255 characters. */
  subject: z.string().min(1).max(255),
  email: Email.optional(),
  emailVerified: z.boolean(),
  name: z.string().max(100).optional(),
  /** `iat` of the token, in seconds: what an older one says does not replace what is known. */
  issuedAt: z.number(),
});
export type ResolveExternalIdentity = z.infer<typeof ResolveExternalIdentity>;

/** null for a token that was issued before its account was erased. */
export const ResolvedPerson = z.object({
  person: z
    .object({
      userId: Id,
      email: z.string(),
      name: z.string(),
      emailVerified: z.boolean(),
      /** The subject, unless it reads as the id of another account. */
      externalId: z.string().optional(),
    })
    .nullable(),
});
export type ResolvedPerson = z.infer<typeof ResolvedPerson>;
