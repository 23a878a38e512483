import type { Message } from '../messages/message.js';
import { html } from './html.js';
import { page } from './layout.js';

/** One mail; what it says in HTML stays in a frame without rights. */
export function messagePage({ id, subject, from, to, receivedAt, text, html: body, attachments }: Message): string {
  const files = attachments.map(
    ({ filename, mimeType, bytes }, index) =>
      html` <li>
        <a href="/messages/${id}/attachments/${index}">${filename}</a> (${mimeType}, ${Math.ceil(bytes.length / 1024)}
        kB)
      </li>`,
  );
  return page(
    subject || '(no subject)',
    html`<p><a href="/">All mails</a></p>
      <h1>${subject || '(no subject)'}</h1>
      <dl>
        <dt>From</dt>
        <dd>${from}</dd>
        <dt>To</dt>
        <dd>${to}</dd>
        <dt>Received</dt>
        <dd>${receivedAt}</dd>
      </dl>
      ${
        files.length > 0
          ? html`<ul>
              ${files}
            </ul>`
          : ''
      }
      ${body ? html`<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${id}/body" title="The mail"></iframe>` : ''}
      ${text ? html`<pre>${text}</pre>` : ''}
      <p><a href="/messages/${id}/raw">The whole mail as a file</a></p>`,
  );
}

/** For the frame: links open outside of it; no script runs and no picture is fetched from elsewhere. */
export const BODY_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'";

export const bodyPage = (source: string) => `<!doctype html><base target="_blank">${source}`;
