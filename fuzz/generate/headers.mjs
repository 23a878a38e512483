/** Headers that a client may send beside what an operation asks for; none of them may do harm. */
const EXTRAS = [
  ['x-request-id', ['fuzz-1', 'x'.repeat(128), 'x'.repeat(129), 'a b', '<script>', '"', '../..']],
  ['if-none-match', ['*', '"x"', 'W/"x"', 'x'.repeat(2_000), '""', ',,,']],
  ['accept', ['*/*', 'application/xml', 'text/html', 'application/json;q=0', 'x', 'image/png', ';;;']],
  ['accept-encoding', ['gzip', 'identity;q=0', '*;q=0', 'br']],
  ['accept-language', ['de', 'x'.repeat(500)]],
  ['content-encoding', ['gzip', 'identity', 'br', 'x']],
  ['traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'rubbish', '00-0-0-0']],
  ['x-forwarded-for', ['127.0.0.1', '10.0.0.1, 1.2.3.4', "';--", '::1']],
  ['x-forwarded-host', ['evil.example']],
  ['x-forwarded-proto', ['https', 'javascript']],
  ['x-identity', ['eyJhbGciOiJub25lIn0.e30.', 'admin']],
  ['x-service-token', ['rubbish']],
  ['x-http-method-override', ['DELETE']],
  ['x-original-url', ['/internal/tickets']],
  ['range', ['bytes=0-0', 'bytes=99999-']],
  ['if-match', ['"x"']],
  ['prefer', ['return=minimal']],
  ['stripe-signature', ['t=1,v1=00', 'rubbish', 't=99999999999999999999,v1=00', 't=NaN,v1=']],
  ['origin', ['https://evil.example', 'null', 'http://localhost']],
];

export function extraHeaders(choice) {
  const headers = {};
  for (let count = choice.below(3); count > 0; count -= 1) {
    const [name, values] = choice.oneOf(EXTRAS);
    headers[name] = choice.oneOf(values);
  }
  return headers;
}

/** @param number makes a key that nobody has used */
export const idempotencyKey = (choice, number) =>
  choice.oneOf([
    `fuzz-${number}`,
    `fuzz-${number}`,
    `fuzz-${number}`,
    'x'.repeat(255),
    'x'.repeat(256),
    ' ',
    'a b',
    '"quoted"',
    '__proto__',
    'é',
    "';--",
  ]);

/** A value of a header, if it may be sent at all: Latin-1, no line ends. */
export const isSendable = (value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
