import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';

/** A mail about an order; `kind` as notification-service names it. Mails about nobody's order are not told. */
const Mail = z.object({ orderId: Id, mailId: Id, kind: z.string(), recipient: z.string() });

/** It is recorded and leaves as soon as the mail server takes it. */
export const mailQueued = message('mail.queued.v1', Mail);
/** The mail server has taken it. */
export const mailSent = message('mail.sent.v1', Mail);
/** Given up. `reason`: `refused` by the recipient's side, `deferred` or the server `unreachable` for days. */
export const mailFailed = message('mail.failed.v1', Mail.extend({ reason: z.string() }));
