import type { Block } from './blocks.js';
import { html } from './html.js';
import { style } from './style.js';

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
}

const SIGNATURE = 'This mail was sent automatically. Answers to it are not read.';

/** Mail programs fill their preview line with what follows; these characters take the room and show nothing. */
const FILLER = '\u200c\u00a0'.repeat(60);

/** Puts the pieces into the page, and next to it their plain-text twin. */
export function compose({ subject, preview, heading, blocks }: Composition): MailContent {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <meta name="format-detection" content="telephone=no,date=no,address=no" />
        <title>${subject}</title>
      </head>
      <body style="${style.page}">
        <div style="display:none;max-height:0;overflow:hidden;opacity:0">${preview}${FILLER}</div>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f2f3f7">
          <tr>
            <td align="center" style="padding:28px 12px">
              <table
                role="presentation"
                width="600"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="width:100%;max-width:600px"
              >
                <tr>
                  <td style="padding:0 8px 14px"><span style="${style.brand}">Tickets</span></td>
                </tr>
                <tr>
                  <td bgcolor="#ffffff" style="padding:32px 32px 20px;background-color:#ffffff;border-radius:12px">
                    <h1 dir="auto" style="${style.heading}">${heading}</h1>
                    ${blocks.map((block) => block.html)}
                  </td>
                </tr>
                <tr>
                  <td style="padding:18px 8px"><p style="${style.note}">${SIGNATURE}</p></td>
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
    text: `${[heading, ...blocks.map(({ text }) => text)].join('\n\n')}\n\n-- \n${SIGNATURE}\n`,
  };
}
