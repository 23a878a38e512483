import { resetPassword, type DataOf, type passwordResetRequested } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import { button, code, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

/** The name stays out, as in the mail that confirms an address. */
export const passwordReset: Template<DataOf<typeof passwordResetRequested>> = ({ token, expiresAt }, { links }) =>
  compose({
    subject: 'Set a new password',
    preview: 'Somebody asked for a new password for your account.',
    heading: 'Set a new password',
    blocks: [
      paragraph('Somebody, probably you, asked for a new password for the account with this address.'),
      code('Your token:', token),
      paragraph(
        'To set it, open the page below, press "Try it out", put the token and the new password in their places and press "Execute".',
      ),
      button('Go and set it', links.documentation(resetPassword)),
      note(
        `Without a browser: POST ${API_PREFIX}${resetPassword.path} with {"token": "<the token>", "newPassword": "<12 characters or more>"}`,
      ),
      note(`The token works once, until ${showInstant(expiresAt)}. You are then signed out everywhere.`),
      note('You did not ask for it? Then do nothing: your password stays as it is. Give the token to nobody.'),
    ],
  });
