import { acceptTransfer, type DataOf, type ticketTransferOffered } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import { button, code, note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import { withoutLinks } from '../content/single-line.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

/** To an address that may have no account: it says how to get one. */
export const transferOffer: Template<DataOf<typeof ticketTransferOffered>> = (facts, { links }) => {
  const { event, transferId, expiresAt } = facts;
  const giver = withoutLinks(facts.from.name);
  return compose({
    organizer: event.organizer,
    subject: `A ticket for ${event.title} is offered to you`,
    preview: `${giver} wants to hand a ticket on to you.`,
    heading: 'A ticket for you',
    blocks: [
      paragraph(`${giver} wants to hand this ticket on to you. It costs you nothing here.`),
      eventCard(event),
      note('You need an account with the address that this mail came to, and that address must be confirmed.'),
      code('The offer:', transferId),
      paragraph(
        'To accept, sign in on the page below, then press "Try it out", put the offer in its place and press "Execute". You get the ticket by a mail of its own.',
      ),
      button('Go and accept', links.documentation(acceptTransfer)),
      note(
        `Without a browser, signed in: POST ${API_PREFIX}${acceptTransfer.path.replace(':transferId', transferId)}, or …/decline to say no.`,
      ),
      note(`The offer ends on ${showInstant(expiresAt)}. You do not know the sender? Then do nothing.`),
    ],
  });
};
