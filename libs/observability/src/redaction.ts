import { types } from 'node:util';
import { stdSerializers } from 'pino';

export const REDACTED = '[redacted]';

/** Characters of one text: enough for a stack. */
const LONGEST = 8_192;
/** Levels of objects, causes and errors within errors. */
const DEEPEST = 6;
/** Elements of one list. */
const MOST = 50;

/** Fields whose values are secret, written in whatever way: `x-api-key`, `apiKey`, `client_secret`. */
const SECRET_NAME =
  /(?:password|passwd|secret|token|apikey|privatekey|signingkey|cookie|authorization|xidentity|signature|otp|recoverycodes?|^pass|^auth)$/;
const isSecretName = (name: string) => SECRET_NAME.test(name.toLowerCase().replaceAll(/[-_]/g, ''));

/** A text with none of these holds nothing to take out; most are such. */
const WORTH_A_LOOK = /[@=:?$_]|eyJ|bearer|basic|-----/i;

/** What is taken out of texts, wherever it stands. Each begins where nothing before it could, so that it is linear. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, REDACTED],
  // User and password of an address.
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${REDACTED}@`],
  // Queries of addresses and fragments, whatever is in them.
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*[?#])[^\s"'<>]+/gi, `$1${REDACTED}`],
  [/([?&#;][\w.-]*(?:token|secret|password|signature|code|key)[\w.-]*=)[^&\s#"'<>]+/gi, `$1${REDACTED}`],
  // Headers, to the end of their line.
  [/\b((?:set-)?cookie|(?:proxy-)?authorization|x-identity|x-api-key)(["']?\s*[:=]).+/gi, `$1$2 ${REDACTED}`],
  [/\b(password|passwd|passphrase|secret|token|api[_-]?key)(["']?\s*[:=]\s*["']?)[^\s"',;&})]+/gi, `$1$2${REDACTED}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)*/g, REDACTED],
  // Keys of the provider and of organizations.
  [/\b(?:[sr]k_(?:live|test)|whsec|tk)_\w{8,}/g, REDACTED],
  [/\$argon2\w*\$[^\s"']*/g, REDACTED],
  [/(?<![\w.+%-])[\w.+%-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b/gi, '[e-mail]'],
];

/** Node's own errors, too, where a program has a global object of its own, as in a spec. */
export const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

/** The text without secrets and e-mails that have a known shape or place. */
export function redactText(text: string): string {
  if (!WORTH_A_LOOK.test(text)) return text;
  return SECRETS.reduce((left, [shape, instead]) => left.replaceAll(shape, instead), text.slice(0, LONGEST));
}

/** What errors of libraries say beside their message that is no secret: everything else of them stays out of logs. */
const FACTS = [
  ...['code', 'errno', 'syscall', 'address', 'port', 'hostname', 'status', 'statusCode', 'responseCode', 'requestId'],
  ...['severity', 'schema', 'table', 'column', 'constraint', 'routine'],
] as const;

/**
 * An error for the log: kind, message and stack with those of its causes, the errors that it gathers, and a few facts. Not
 * what else hangs on it: libraries keep addresses with passwords, statements with parameters, commands with arguments,
 * headers and bodies there.
 */
export function redactError(error: unknown, depth = 0): unknown {
  if (!isError(error)) return redactValue(error, depth);
  const { type, message, stack } = stdSerializers.err(error);
  const facts: Record<string, string | number> = {};
  for (const name of FACTS) {
    const value = (error as unknown as Record<string, unknown>)[name];
    if (typeof value === 'string') facts[name] = redactText(value);
    else if (typeof value === 'number') facts[name] = value;
  }
  const { errors } = error as { errors?: unknown };
  const gathered = Array.isArray(errors) && depth < DEEPEST ? errors.slice(0, MOST) : [];
  return {
    type,
    message: redactText(message),
    stack: redactText(stack),
    ...facts,
    ...(gathered.length > 0 && { aggregateErrors: gathered.map((one) => redactError(one, depth + 1)) }),
  };
}

/** Any value for the log: without what stands under a secret's name, and with each text as `redactText` leaves it. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value;
  if (depth >= DEEPEST) return '[…]';
  if (Array.isArray(value)) return value.slice(0, MOST).map((one) => redactValue(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSecretName(name) ? REDACTED : redactValue(one, depth + 1)]),
  );
}
