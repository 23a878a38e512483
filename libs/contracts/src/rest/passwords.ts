import { z } from 'zod';
import { Email } from './fields.js';
import { operation } from './operation.js';

const tag = 'identity';
const service = 'ticket-api';

/** Also refused are passwords that many people have, and those that contain the person's e-mail or name. */
export const NewPassword = z.string().min(12).max(128);

/** Any length is tried against the stored hash, up to a bound: a password that is wrong is no invalid request. */
export const GivenPassword = z.string().min(1).max(1024);

export const ChangePassword = z.strictObject({ currentPassword: GivenPassword, newPassword: NewPassword });
export type ChangePassword = z.infer<typeof ChangePassword>;

export const ForgotPassword = z.strictObject({ email: Email });
export type ForgotPassword = z.infer<typeof ForgotPassword>;

export const ResetPassword = z.strictObject({ token: z.string().min(1).max(200), newPassword: NewPassword });
export type ResetPassword = z.infer<typeof ResetPassword>;

export const changePassword = operation({
  id: 'changePassword',
  tag,
  service,
  summary: 'Change my password; my other sessions end, this one goes on',
  method: 'PUT',
  path: '/users/me/password',
  access: 'person',
  body: ChangePassword,
  responses: { 204: 'empty' },
  problems: ['wrong-password'],
});
export const forgotPassword = operation({
  id: 'forgotPassword',
  tag,
  service,
  summary: 'Mail a token for a new password, if there is such an account; the answer does not tell',
  method: 'POST',
  path: '/auth/forgot-password',
  access: 'anyone',
  body: ForgotPassword,
  responses: { 202: 'empty' },
});
export const resetPassword = operation({
  id: 'resetPassword',
  tag,
  service,
  summary: 'Set a new password with the token that was mailed; all sessions end',
  method: 'POST',
  path: '/auth/reset-password',
  access: 'anyone',
  body: ResetPassword,
  responses: { 204: 'empty' },
  problems: ['invalid-token'],
});
