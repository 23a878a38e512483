import { formatAmount } from '../../money/currencies.js';
import type { CheckoutSession } from '../checkout-session.js';
import { html, type Markup } from './html.js';
import { layout } from './layout.js';

export interface PageFacts {
  session: CheckoutSession;
  /** What the last attempt to pay was told, if it did not succeed. */
  refusal: string | undefined;
}

/** The page on which the buyer of an open session pays, or says what the bank would have said. */
export function openPage({ session, refusal }: PageFacts): Markup {
  const total = formatAmount(session.amount_total, session.currency);
  return layout(
    `Pay ${total}`,
    html`
      <h1>Pay ${total}</h1>
      ${refusal === undefined ? undefined : html`<p class="alert" role="alert">${refusal} Please try again.</p>`}
      ${purchase(session, total)}
      ${session.customer_email === null ? undefined : html`<p>Receipt to ${session.customer_email}</p>`}
      ${said(session.custom_text?.submit)}
      <div class="actions">
        ${button(session, 'pay', `Pay ${total}`)} ${said(session.custom_text?.after_submit)}
        ${button(session, 'decline', 'Decline the card')} ${button(session, 'fail', 'Let the payment fail for good')}
        ${button(session, 'expire', 'Let this page expire')}
      </div>
      ${back(session)}
    `,
  );
}

/** What is said of a session that has ended. */
export function endedPage({ session, refusal }: PageFacts): Markup {
  const [title, text] = ending(session, refusal);
  return layout(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      ${back(session)}`,
  );
}

export const unknownPage = (): Markup =>
  layout(
    'Page not found',
    html`<h1>Page not found</h1>
      <p>There is no checkout with this address.</p>`,
  );

export const awayPage = (): Markup =>
  layout(
    'One moment',
    html`<h1>One moment</h1>
      <p>This page cannot be shown right now. Please try again in a moment.</p>`,
  );

function ending({ status, payment_status }: CheckoutSession, refusal: string | undefined): [string, string] {
  if (status === 'expired') return ['This checkout has expired', 'Nothing was charged. Please order again.'];
  if (payment_status === 'paid') return ['Payment complete', 'Thank you. You can close this page.'];
  return ['The payment failed', `${refusal ?? 'The payment failed.'} Nothing was charged.`];
}

const purchase = ({ line_items }: CheckoutSession, total: string) => html`
  <table>
    <caption>
      Your order
    </caption>
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col">Quantity</th>
        <th scope="col">Amount</th>
      </tr>
    </thead>
    <tbody>
      ${line_items.map(
        ({ description, quantity, amount_total, currency }) =>
          html`<tr>
            <td>${description ?? ''}</td>
            <td>${quantity ?? 0}</td>
            <td>${formatAmount(amount_total, currency)}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="2">Total</th>
        <td>${total}</td>
      </tr>
    </tfoot>
  </table>
`;

const button = ({ id }: CheckoutSession, action: string, label: string) =>
  html`<form method="post" action="/simulator/checkout/${id}/${action}">
    <button class="${action}">${label}</button>
  </form>`;

const back = ({ cancel_url }: CheckoutSession) =>
  cancel_url === null ? undefined : html`<p><a href="${cancel_url}">Back to the shop</a></p>`;

/** The shop's words. When the session itself ends is not shown, as at Stripe: a shop's own limits may be closer. */
const said = (text: { message: string } | null | undefined) => (text ? html`<p>${text.message}</p>` : undefined);
