/** Seconds that a service which is being restarted is waited for. */
const PATIENCE = 30;

/**
 * Like `fetch`, without following redirects; what is safe to send again is sent again, when the time has come that a 503
 * names in its Retry-After.
 */
export async function patientFetch(url, { isSafe = true, patience = PATIENCE, ...request } = {}) {
  for (const end = Date.now() + patience * 1000; ;) {
    const answer = await fetch(url, { redirect: 'manual', ...request });
    const after = Number(answer.headers.get('retry-after') ?? NaN) * 1000;
    if (answer.status !== 503 || !isSafe || !(Date.now() + after < end)) return answer;
    await answer.arrayBuffer();
    await new Promise((wake) => setTimeout(wake, after));
  }
}

/** One call of the REST API. @throws when the status is not the expected one. */
export async function call(base, token, method, path, { body, expect, headers = {} }) {
  const answer = await patientFetch(`${base}/api/v1${path}`, {
    method,
    isSafe: method === 'GET' || 'idempotency-key' in headers,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const read = /json/.test(answer.headers.get('content-type') ?? '')
    ? JSON.parse(bytes.toString('utf8') || 'null')
    : bytes;
  if (answer.status !== expect)
    throw new Error(`${method} ${path} answered ${answer.status} instead of ${expect}: ${JSON.stringify(read)}`);
  return read;
}

/** Asks until `done`. @throws when it takes longer than `seconds`. */
export async function until(what, ask, done, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; ; await new Promise((wake) => setTimeout(wake, 150))) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s; at last ${JSON.stringify(answer)}`);
  }
}

export function must(promise, kept) {
  if (!kept) throw new Error(`Broken promise: ${promise}`);
}

/** The payment page of an order, opened as a browser would. */
export async function paymentPage(checkoutUrl) {
  const answer = await patientFetch(checkoutUrl);
  must(`${checkoutUrl} leads to the payment page (it answered ${answer.status})`, answer.status === 303);
  return answer.headers.get('location').split('?')[0];
}

export async function press(page, button) {
  const { status } = await fetch(`${page}/${button}`, { method: 'POST', redirect: 'manual' });
  must(`the button “${button}” of the payment page works (it answered ${status})`, status === 303);
}
