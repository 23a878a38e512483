import { isActive, type PaymentStatus } from '../payment.js';

/** Seconds. The provider's word may come a moment after the buyer. */
const LOOK_AGAIN = { afterSuccess: 1, otherwise: 3, whileUnavailable: 5 };

interface Return {
  /** Our own address. */
  checkoutUrl: string;
  /** As the payment page had it. */
  outcome: 'success' | undefined;
}

/** A page without script or style, for a buyer who comes back from the payment page. */
export function returnPage(statuses: readonly PaymentStatus[], { checkoutUrl, outcome }: Return): string {
  if (statuses.includes('succeeded'))
    return page('Thank you', '<p>Your payment has arrived. Your tickets come by e-mail.</p>');
  if (statuses.includes('review')) return inReview();
  if (statuses.some(isActive)) {
    if (outcome === 'success') return page('We are checking your payment', CHECKING, again(LOOK_AGAIN.afterSuccess));
    const text = `<p>We have no payment from you yet. If you have just paid, it shows here in a moment.</p>
<p><a href="${checkoutUrl}">Go to the payment page</a></p>`;
    return page('Waiting for your payment', text, again(LOOK_AGAIN.otherwise));
  }
  return page('Nothing to pay', '<p>This order is not to be paid any more. Nothing is charged for it.</p>');
}

const CHECKING = '<p>It shows here in a moment. Your tickets come by e-mail, also if you close this page.</p>';

const again = (seconds: number) => `<meta http-equiv="refresh" content="${seconds}">`;

/** The same, for a buyer who opens the link of an order that is not to be paid any more. `orderUrl` is our own address. */
export function overPage(statuses: readonly PaymentStatus[], orderUrl: string): string {
  const order = `<p><a href="${orderUrl}">Your order</a> (sign in first) says how it stands.</p>`;
  if (statuses.includes('succeeded')) return page('Already paid', `<p>This order has been paid.</p>\n${order}`);
  if (statuses.includes('review')) return inReview(order);
  return page('Nothing to pay', `<p>This order is not to be paid any more.</p>\n${order}`);
}

/** For a buyer who cannot be led to the payment page right now. `why` is a text of ours. */
export const unavailablePage = (why: string) =>
  page(
    'One moment, please',
    `<p>${why}</p>\n<p>This page tries again by itself.</p>`,
    again(LOOK_AGAIN.whileUnavailable),
  );

const inReview = (more = '') =>
  page('We have a question', `<p>Your payment is not what was owed. We look at it and write to you.</p>\n${more}`);

const page = (title: string, body: string, head = '') => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}</head>
<body><h1>${title}</h1>
${body}
</body>
</html>
`;
