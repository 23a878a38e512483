import type { DataOf, emailVerificationRequested } from '@app/contracts';
import { button, code, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

/** The name stays out: whoever signed up chose it, and the address may be somebody else's. */
export const emailVerification: Template<DataOf<typeof emailVerificationRequested>> = (
  { token, expiresAt },
  { links },
) =>
  compose({
    subject: 'Confirm your e-mail address',
    preview: 'One more step until your account is complete.',
    heading: 'Confirm your e-mail address',
    blocks: [
      paragraph('An account was opened with this address. Please confirm that it is yours.'),
      button('Confirm this address', links.verifyEmail(token)),
      code('Or enter this token:', token),
      note(`Without a browser: POST ${links.verifyEmailCall} with {"token": "<the token>"}`),
      note(`Link and token work once, until ${showInstant(expiresAt)}.`),
      note('You did not open an account? Then do nothing: without the confirmation nobody can act in your name.'),
    ],
  });
