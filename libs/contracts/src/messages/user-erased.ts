import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';

/**
 * A person's account was erased: what is known of the person goes everywhere. `email` is for the last mail, and to find what
 * was sent there; it is kept no longer. Concerns a person, so its tenant is the platform.
 */
export const userErased = message('user.erased.v1', z.object({ userId: Id, email: z.string() }));
