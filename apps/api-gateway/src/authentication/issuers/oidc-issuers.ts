import { z } from 'zod';

/** Signed with a private key that the issuer alone has (RFC 7518 §3.1, RFC 8037). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item.transform((one) => [one]), z.array(item).min(1)])
    .transform((values) => values as readonly z.output<Item>[]);
const name = z.string().min(1).max(500);

const isLoopback = ({ hostname }: URL) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Where keys may come from: over TLS, or from this machine. */
export const isSafeAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.hash === '';
  return isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
};
const address = z.string().max(500).refine(isSafeAddress, 'is not an https address (http only of this machine)');

/** Which of an issuer's tokens name a caller, and how. */
const OidcIssuer = z
  .strictObject({
    /** Exactly as in `iss`. */
    issuer: address.refine((text) => !text.includes('?'), 'has a query'),
    /** One of these stands in `aud`. */
    audience: oneOrMore(name).optional(),
    /** One of these is the client: `client_id` or `azp` of an access token, `aud` of an ID token. */
    clientId: oneOrMore(name).optional(),
    tokenUse: oneOrMore(z.enum(['access', 'id'])).default(['access']),
    algorithms: oneOrMore(z.enum(ALGORITHMS)).default(['RS256']),
    /** Another claim that is believed to name the person, where a token has it, such as Cognito's `custom:id`. */
    subjectClaim: name.max(100).default('sub'),
    /** Without it, what the issuer's discovery document says. */
    jwksUri: address.optional(),
    /** Whether `email_verified` of the issuer counts as a proof. */
    trustEmail: z.boolean().default(true),
  })
  .refine(
    ({ audience, clientId }) => audience ?? clientId,
    'needs an audience or a clientId: else any client’s tokens fit',
  )
  .refine(({ tokenUse, clientId }) => !tokenUse.includes('id') || clientId, 'needs a clientId for ID tokens');
export type OidcIssuer = z.output<typeof OidcIssuer>;

const isEachOnce = (issuers: readonly OidcIssuer[]) =>
  new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length;

/** `OIDC_ISSUERS`: a JSON list. What is wrong is told with its place, and no value. */
export const oidcIssuers = z
  .string()
  .transform((text, context): readonly OidcIssuer[] => {
    const refuse = (why: string) => {
      context.issues.push({ code: 'custom', message: `is not a list of OIDC issuers: ${why}`, input: text });
      return z.NEVER;
    };
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch {
      return refuse('it is not JSON');
    }
    const read = z.array(OidcIssuer).safeParse(given);
    if (read.success) return isEachOnce(read.data) ? read.data : refuse('one issuer stands in it twice');
    const [issue] = read.error.issues;
    return refuse(`${issue?.path.join('.') || 'the whole'}: ${wordsOf(issue)}`);
  })
  .default([]);

/** Of zod's messages those of ours, and those that name fields or what would fit; never a value. */
function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not known`;
  const fitting = issue ? valuesOf(issue) : [];
  return fitting.length > 0 ? `is not one of ${fitting.join(', ')}` : 'is missing or does not fit';
}

/** The values of an enum that would have fitted, also of one within a union. */
const valuesOf = (issue: z.core.$ZodIssue): readonly unknown[] => {
  if (issue.code === 'invalid_value') return issue.values;
  return issue.code === 'invalid_union' ? [...new Set(issue.errors.flat().flatMap(valuesOf))] : [];
};
