import { z } from 'zod';
import { operation } from './operation.js';
import { GivenPassword } from './passwords.js';

const tag = 'identity';
const service = 'ticket-api';

/** Six digits of the authenticator, or one of the recovery codes. */
export const SecondFactorCode = z.string().trim().min(1).max(40);

export const AddSecondFactor = z.strictObject({ password: GivenPassword });
export type AddSecondFactor = z.infer<typeof AddSecondFactor>;

export const PendingSecondFactor = z.object({
  secret: z.string().describe('base32, to type into an authenticator (RFC 6238: SHA-1, 6 digits, 30 s)'),
  uri: z.string().describe('the same as an otpauth address, for a QR code'),
});
export type PendingSecondFactor = z.infer<typeof PendingSecondFactor>;

export const ConfirmSecondFactor = z.strictObject({ code: SecondFactorCode });
export type ConfirmSecondFactor = z.infer<typeof ConfirmSecondFactor>;

export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

export const RemoveSecondFactor = z.strictObject({ password: GivenPassword, code: SecondFactorCode });
export type RemoveSecondFactor = z.infer<typeof RemoveSecondFactor>;

export const addSecondFactor = operation({
  id: 'addSecondFactor',
  tag,
  service,
  summary: 'Begin a second factor (TOTP); nothing changes until it is confirmed, and a later one replaces it',
  method: 'POST',
  path: '/users/me/second-factor',
  access: 'person',
  body: AddSecondFactor,
  responses: { 201: PendingSecondFactor },
  problems: ['wrong-password', 'email-not-verified', 'second-factor-active'],
});
export const confirmSecondFactor = operation({
  id: 'confirmSecondFactor',
  tag,
  service,
  summary: 'Demand the second factor from now on; ten recovery codes are shown once, my other sessions end',
  method: 'POST',
  path: '/users/me/second-factor/confirm',
  access: 'person',
  body: ConfirmSecondFactor,
  responses: { 200: RecoveryCodes },
  problems: ['wrong-code', 'not-found'],
});
export const removeSecondFactor = operation({
  id: 'removeSecondFactor',
  tag,
  service,
  summary: 'Do without the second factor; my other sessions end',
  method: 'DELETE',
  path: '/users/me/second-factor',
  access: 'person',
  body: RemoveSecondFactor,
  responses: { 204: 'empty' },
  problems: ['wrong-password', 'wrong-code', 'not-found'],
});
