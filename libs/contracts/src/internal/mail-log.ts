import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { MailStatus } from '../rest/mails.js';

/** Mails about an order or about an event, newest first. In a body, for paths are logged. */
export const FindMailLog = z.strictObject({
  tenantId: Id,
  about: z.strictObject({ kind: z.enum(['order', 'event']), id: Id }),
  status: MailStatus.optional(),
  before: Id.nullable(),
  limit: z.int().min(1).max(101),
});
export type FindMailLog = z.infer<typeof FindMailLog>;

/** `userId`: whom the mail is to, where its facts tell. `error` in words, never the server's own. */
export const MailLog = z.object({
  mails: z.array(
    z.object({
      id: Id,
      kind: z.string(),
      recipient: z.string(),
      userId: z.string().nullable(),
      orderId: z.string().nullable(),
      status: MailStatus,
      attempts: z.int(),
      error: z.string().nullable(),
      createdAt: z.string(),
      sentAt: z.string().nullable(),
      nextAttemptAt: z.string().nullable(),
    }),
  ),
});
export type MailLog = z.infer<typeof MailLog>;
