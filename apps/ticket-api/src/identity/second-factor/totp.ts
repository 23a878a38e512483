import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** What every authenticator knows (RFC 6238; SHA-1 as HMAC is not what was broken). Seconds. */
const PERIOD = 30;
const FORM = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const;
/** Steps before and after the present one: a clock may be wrong, and a person slow (RFC 6238, 5.2). */
const WINDOW = 1;
/** RFC 4226, 4: 160 bits. */
const SECRET_BYTES = 20;

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

const keyOf = (secret: Buffer) => new Secret({ buffer: new Uint8Array(secret).buffer });

/** What an authenticator is given. `label` names the account in it. */
export function describeSecret(secret: Buffer, label: string): { secret: string; uri: string } {
  const totp = new TOTP({ ...FORM, issuer: 'Tickets', label, secret: keyOf(secret) });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The step whose code it is, if it counts now.
 * @param lastStep of the last code that was accepted: that one and those before it do not count any more
 */
export function acceptedStep(secret: Buffer, code: string, now: Date, lastStep: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...FORM, token: code, secret: keyOf(secret), timestamp, window: WINDOW });
  if (delta === null) return undefined;
  const step = TOTP.counter({ period: PERIOD, timestamp }) + delta;
  return step > lastStep ? step : undefined;
}
