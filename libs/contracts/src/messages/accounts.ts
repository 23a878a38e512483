import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';

/** Concerns a person, so its tenant is the platform. The token is single-use and ends. */
export const emailVerificationRequested = message(
  'user.email-verification-requested.v1',
  z.object({ userId: Id, name: z.string(), email: z.string(), token: z.string(), expiresAt: z.string() }),
);

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
