import type { Organizer } from '@app/contracts';
import { link, note, type Block } from './blocks.js';
import { Html, html } from './html.js';
import { sheet, style } from './style.js';

export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

export interface Composition {
  subject: string;
  /** What a list of mails shows behind the subject. */
  preview: string;
  heading: string;
  blocks: readonly Block[];
  /** In whose name it is sent, if it is about an event. */
  organizer?: Organizer | undefined;
  /** Where its recipient ends mails of this kind. */
  unsubscribe?: string | undefined;
}

/** Who sends it, where answers go, and how to get no more of it. */
function footOf({ organizer, unsubscribe }: Composition): Block[] {
  const sent = organizer
    ? `This mail was sent automatically for ${organizer.name}, the organizer.`
    : 'This mail was sent automatically.';
  const answers = organizer?.replyTo ? 'Answers to it go to the organizer.' : 'Answers to it are not read.';
  return [
    note(`${sent} ${answers}`),
    ...(unsubscribe ? [link('No more reminders of this organizer', unsubscribe)] : []),
  ];
}

/** Mail programs fill their preview line with what follows; these characters take the room and show nothing. */
const FILLER = '\u200c\u00a0'.repeat(60);

/** Puts the pieces into the page, and next to it their plain-text twin. */
export function compose(composition: Composition): MailContent {
  const { subject, preview, heading, blocks } = composition;
  const brand = composition.organizer?.name ?? 'Tickets';
  const foot = footOf(composition);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no" />
        <title>${subject}</title>
        <style>
          ${new Html(sheet)}
        </style>
      </head>
      <body class="page" style="${style.page}">
        <div style="display:none;max-height:0;overflow:hidden;opacity:0">${preview}${FILLER}</div>
        <table
          class="page"
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          bgcolor="#f2f3f7"
        >
          <tr>
            <td class="edge" align="center" style="padding:28px 12px">
              <table
                role="presentation"
                width="600"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="width:100%;max-width:600px"
              >
                <tr>
                  <td style="padding:0 8px 14px">
                    <span class="brand" dir="auto" style="${style.brand}">${brand}</span>
                  </td>
                </tr>
                <tr>
                  <td
                    class="card air"
                    bgcolor="#ffffff"
                    style="padding:32px 32px 20px;background-color:#ffffff;border-radius:12px"
                  >
                    <h1 dir="auto" class="ink" style="${style.heading}">${heading}</h1>
                    ${blocks.map((block) => block.html)}
                  </td>
                </tr>
                <tr>
                  <td style="padding:18px 8px">${foot.map((block) => block.html)}</td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`;
  return {
    subject,
    html: page.source,
    text: `${[heading, ...blocks.map(({ text }) => text)].join('\n\n')}\n\n-- \n${foot.map(({ text }) => text).join('\n\n')}\n`,
  };
}
