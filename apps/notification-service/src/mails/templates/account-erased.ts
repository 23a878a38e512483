import type { DataOf, userErased } from '@app/contracts';
import { note, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import type { Template } from './template.js';

export const accountErasure: Template<DataOf<typeof userErased>> = () =>
  compose({
    subject: 'Your account was erased',
    preview: 'This is the last mail that we send you.',
    heading: 'Your account was erased',
    blocks: [
      paragraph(
        'As you asked, your account and what we knew of you are gone. Holds that were not paid have been let go.',
      ),
      paragraph(
        'Tickets that you have paid for still admit: keep the files or codes that you were sent. We cannot send them again.',
      ),
      paragraph('A refund that is on its way reaches the card or account that was paid with.'),
      note(
        'This is the last mail to this address: it is gone from our records now. Nobody can answer for you afterwards.',
      ),
    ],
  });
