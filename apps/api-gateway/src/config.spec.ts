import { expect, it } from '@jest/globals';
import { readConfig } from './config.js';

it('a configuration with gaps names every one of them, and no value', () => {
  const read = () => readConfig({ PORT: 'secret-looking', PUBLIC_URL: 'localhost', TICKET_API_URL: '' });
  expect(read).toThrow(/SERVICE_SIGNING_KEY is missing/);
  expect(read).toThrow(/TICKET_API_URL is missing/);
  expect(read).toThrow(/PUBLIC_URL is not/);
  expect(read).toThrow(/PORT is not/);
  expect(read).not.toThrow(/secret-looking/);
});

it.each(['proxy', '10.0.0.1/', '10.0.0.0/33', '10.0.0.0/0', '::1/129', '10.0.0.1/8/8'])(
  'a proxy is trusted by its address or network, and never by %j',
  (TRUSTED_PROXIES) => expect(() => readConfig({ TRUSTED_PROXIES })).toThrow('TRUSTED_PROXIES is not a comma list'),
);

it.each(['10.0.0.1, 192.168.0.0/16', '::1', 'fd00::/8'])('a proxy may be trusted by %j', (TRUSTED_PROXIES) =>
  expect(() => readConfig({ TRUSTED_PROXIES })).not.toThrow('TRUSTED_PROXIES'),
);
