import { eventually } from './client.js';

/** Follows `checkoutUrl` as a browser would, up to the payment page's own address. */
export async function openPaymentPage(checkoutUrl: string): Promise<string> {
  const answer = await eventually(
    'the payment page',
    () => fetch(checkoutUrl, { redirect: 'manual' }),
    (response) => response.status !== 503,
  );
  const location = answer.headers.get('location');
  if (answer.status !== 303 || !location) throw new Error(`${checkoutUrl}: ${answer.status} ${await answer.text()}`);
  return location;
}

/** Presses a button of the payment page: a form's POST that answers 303. @returns where the browser goes then */
export async function press(page: string, button: 'pay' | 'decline' | 'fail' | 'expire'): Promise<string> {
  const answer = await fetch(`${page.split('?')[0]}/${button}`, { method: 'POST', redirect: 'manual' });
  const location = answer.headers.get('location');
  if (answer.status !== 303 || !location) throw new Error(`${button}: ${answer.status} ${await answer.text()}`);
  return new URL(location, page).href;
}

export const pay = async (checkoutUrl: string): Promise<string> => {
  const page = await openPaymentPage(checkoutUrl);
  await press(page, 'pay');
  return page;
};
