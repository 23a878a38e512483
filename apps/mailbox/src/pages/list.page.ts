import type { MessageSummary } from '../messages/message.js';
import { html } from './html.js';
import { page } from './layout.js';

const localTime = (iso: string) => new Date(iso).toLocaleString('sv-SE');

/** All mails, or those to one address, newest first. */
export function listPage(messages: readonly MessageSummary[], to: string | undefined): string {
  const rows = messages.map(
    ({ id, to: recipient, from, subject, receivedAt }) =>
      html` <tr>
        <td class="time">${localTime(receivedAt)}</td>
        <td><a href="/mails/${id}">${subject || '(no subject)'}</a></td>
        <td>${recipient}</td>
        <td>${from}</td>
      </tr>`,
  );
  return page(
    'Mailbox',
    html`<h1>Mailbox</h1>
      <form>
        <label>To <input type="email" name="to" value="${to ?? ''}" /></label> <button>Show</button>
      </form>
      <table>
        <thead>
          <tr>
            <th>Received</th>
            <th>Subject</th>
            <th>To</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
      ${messages.length === 0 ? html`<p>No mail yet. Reload to look again.</p>` : ''}`,
  );
}
