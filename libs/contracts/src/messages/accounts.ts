import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';

/** Concerns a person, so its tenant is the platform. The token is single-use and ends. */
export const emailVerificationRequested = message(
  'user.email-verification-requested.v1',
  z.object({ userId: Id, name: z.string(), email: z.string(), token: z.string(), expiresAt: z.string() }),
);

/** Concerns a person. The token is single-use and ends. */
export const passwordResetRequested = message(
  'user.password-reset-requested.v1',
  z.object({ userId: Id, name: z.string(), email: z.string(), token: z.string(), expiresAt: z.string() }),
);

/** What an account is entered with was changed; its person has to hear of it, for it may have been somebody else. */
export const accountSecured = message(
  'user.account-secured.v1',
  z.object({
    userId: Id,
    name: z.string(),
    email: z.string(),
    /** One of `ACCOUNT_CHANGES`, or of the future. */
    change: z.string(),
    at: z.string(),
  }),
);

export const ACCOUNT_CHANGES = [
  'password-changed',
  'password-reset',
  'second-factor-added',
  'second-factor-removed',
  'recovery-code-used',
  'identity-linked',
  'identity-unlinked',
] as const;
export type AccountChange = (typeof ACCOUNT_CHANGES)[number];

export const memberInvited = message(
  'organization.member-invited.v1',
  z.object({
    invitationId: Id,
    organizationName: z.string(),
    email: z.string(),
    role: z.string(),
    invitedBy: z.string(),
    expiresAt: z.string(),
  }),
);
