import { z } from 'zod';
import { Email, Id, text } from './fields.js';
import { operation } from './operation.js';
import { GivenPassword, NewPassword } from './passwords.js';
import { SecondFactorCode } from './second-factor.js';

const tag = 'identity';
const service = 'ticket-api';

export const User = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  emailVerified: z.boolean(),
  /** Whether signing in needs a code beside the password. */
  secondFactor: z.boolean(),
});
export type User = z.infer<typeof User>;

export const SignUp = z.strictObject({ email: Email, password: NewPassword, name: text(100) });
export type SignUp = z.infer<typeof SignUp>;

/** `code`: of the second factor, for accounts that have one; else it is not looked at. */
export const SignIn = z.strictObject({ email: Email, password: GivenPassword, code: SecondFactorCode.optional() });
export type SignIn = z.infer<typeof SignIn>;

export const TokenRequest = z.discriminatedUnion('grantType', [
  z.strictObject({
    grantType: z.literal('password'),
    email: Email,
    password: GivenPassword,
    code: SecondFactorCode.optional(),
  }),
  z.strictObject({ grantType: z.literal('refresh_token'), refreshToken: z.string().min(1).max(500) }),
]);
export type TokenRequest = z.infer<typeof TokenRequest>;

export const Tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().describe('seconds'),
});
export type Tokens = z.infer<typeof Tokens>;

export const VerifyEmail = z.strictObject({ token: z.string().min(1).max(200) });
export type VerifyEmail = z.infer<typeof VerifyEmail>;

export const UpdateProfile = z.strictObject({ name: text(100).optional() });
export type UpdateProfile = z.infer<typeof UpdateProfile>;

export const signUp = operation({
  id: 'signUp',
  tag,
  service,
  summary: 'Open an account; sent again it is `email-taken`, as nobody is signed in whose Idempotency-Key it could be',
  method: 'POST',
  path: '/auth/signup',
  access: 'anyone',
  body: SignUp,
  responses: { 201: User },
  problems: ['email-taken'],
});
export const signIn = operation({
  id: 'signIn',
  tag,
  service,
  summary: 'Sign in; sets HttpOnly cookies',
  method: 'POST',
  path: '/auth/signin',
  access: 'anyone',
  body: SignIn,
  responses: { 200: User },
  problems: ['invalid-credentials', 'second-factor-required', 'invalid-second-factor'],
});
export const issueToken = operation({
  id: 'issueToken',
  tag,
  service,
  summary: 'Tokens for clients without cookies',
  method: 'POST',
  path: '/auth/token',
  access: 'anyone',
  body: TokenRequest,
  responses: { 200: Tokens },
  problems: ['invalid-credentials', 'second-factor-required', 'invalid-second-factor'],
});
export const refreshSession = operation({
  id: 'refreshSession',
  tag,
  service,
  summary: 'New cookies for the refresh cookie',
  method: 'POST',
  path: '/auth/refresh',
  access: 'anyone',
  responses: { 200: User },
  problems: ['invalid-credentials'],
});
export const signOut = operation({
  id: 'signOut',
  tag,
  service,
  summary: 'End this session',
  method: 'POST',
  path: '/auth/signout',
  access: 'anyone',
  optionalCaller: true,
  responses: { 204: 'empty' },
});
export const verifyEmail = operation({
  id: 'verifyEmail',
  tag,
  service,
  summary: 'Prove the e-mail with the token that was mailed',
  method: 'POST',
  path: '/auth/verify-email',
  access: 'anyone',
  body: VerifyEmail,
  responses: { 200: User },
  problems: ['invalid-token'],
});
export const resendVerification = operation({
  id: 'resendVerification',
  tag,
  service,
  summary: 'Mail a new verification token',
  method: 'POST',
  path: '/auth/verify-email/resend',
  access: 'person',
  responses: { 202: 'empty' },
});
export const getProfile = operation({
  id: 'getProfile',
  tag,
  service,
  summary: 'My profile',
  method: 'GET',
  path: '/users/me',
  access: 'person',
  responses: { 200: User },
});
export const updateProfile = operation({
  id: 'updateProfile',
  tag,
  service,
  summary: 'Change my profile',
  method: 'PATCH',
  path: '/users/me',
  access: 'person',
  body: UpdateProfile,
  responses: { 200: User },
});
