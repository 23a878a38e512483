import { acceptInvitation, type DataOf, type memberInvited } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import { button, code, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { withoutLinks } from '../content/single-line.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

const duties: Readonly<Record<string, string>> = {
  owner: 'an owner: you may do everything, also invite and remove members',
  organizer: 'an organizer: you may create events, sell tickets for them and give money back',
  scanner: 'a scanner: you may admit people at the door',
};

export const memberInvitation: Template<DataOf<typeof memberInvited>> = (facts, { links }) => {
  const { invitationId, role, expiresAt } = facts;
  const organization = withoutLinks(facts.organizationName);
  return compose({
    subject: `Invitation to join ${organization}`,
    preview: `${withoutLinks(facts.invitedBy)} invites you to join ${organization}.`,
    heading: `Join ${organization}`,
    blocks: [
      paragraph(`${withoutLinks(facts.invitedBy)} invites you to join ${organization} as ${duties[role] ?? role}.`),
      note('You need an account with the address that this mail came to, and that address must be confirmed.'),
      code('Your invitation:', invitationId),
      paragraph(
        'To accept, sign in on the page below, then press "Try it out", put the invitation in its place and press "Execute".',
      ),
      button('Go and accept', links.documentation(acceptInvitation)),
      note(`Without a browser, signed in: POST ${API_PREFIX}${acceptInvitation.path.replace(':id', invitationId)}`),
      note(`The invitation ends on ${showInstant(expiresAt)}. You do not know the sender? Then do nothing.`),
    ],
  });
};
