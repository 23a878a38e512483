import { verifyEmail, type DataOf, type emailVerificationRequested } from '@app/contracts';
import { API_PREFIX } from '@app/http';
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
      code('Your token:', token),
      paragraph('To confirm, open the page below, press "Try it out", put the token in its place and press "Execute".'),
      button('Go and confirm', links.documentation(verifyEmail)),
      note(`Without a browser: POST ${API_PREFIX}${verifyEmail.path} with {"token": "<the token>"}`),
      note(`The token works once, until ${showInstant(expiresAt)}.`),
      note('You did not open an account? Then do nothing: without the confirmation nobody can act in your name.'),
    ],
  });
