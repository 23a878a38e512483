import { forgotPassword, type AccountChange, type accountSecured, type DataOf } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import { button, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

const OTHERS_ENDED = 'Your other sessions were signed out.';

const changes: Readonly<Record<AccountChange, { heading: string; said: string }>> = {
  'password-changed': { heading: 'Your password was changed', said: OTHERS_ENDED },
  'password-reset': {
    heading: 'Your password was set anew',
    said: 'It was done with the token of a mail to this address. All your sessions were signed out.',
  },
  'second-factor-added': {
    heading: 'Signing in now needs a code',
    said: `From now on your authenticator is asked for as well as your password. ${OTHERS_ENDED}`,
  },
  'second-factor-removed': {
    heading: 'Signing in no longer needs a code',
    said: `From now on your password alone is enough. ${OTHERS_ENDED}`,
  },
  'recovery-code-used': {
    heading: 'A recovery code was used',
    said: 'Somebody signed in with your password and one of your recovery codes, which now is used up.',
  },
  'identity-linked': {
    heading: 'Your account has one more way in',
    said: 'An account that you have at another provider now enters this one, without its password.',
  },
  'identity-unlinked': {
    heading: 'Your account has one way in less',
    said: 'An account that you have at another provider does not enter this one any more.',
  },
};
const ofTheFuture = { heading: 'The security of your account was changed', said: 'Look at your account.' };

/** The name stays out, as in the mail that confirms an address. */
export const securedAccount: Template<DataOf<typeof accountSecured>> = ({ change, at }, { links }) => {
  const { heading, said } = Object.hasOwn(changes, change) ? changes[change as AccountChange] : ofTheFuture;
  return compose({
    subject: heading,
    preview: 'If it was not you, act now.',
    heading,
    blocks: [
      paragraph(`It happened on ${showInstant(at)}. ${said}`),
      paragraph('Was it you? Then all is well. If not, set a new password at once:'),
      button('Ask for a new password', links.documentation(forgotPassword)),
      note(`Without a browser: POST ${API_PREFIX}${forgotPassword.path} with {"email": "<your address>"}`),
    ],
  });
};
