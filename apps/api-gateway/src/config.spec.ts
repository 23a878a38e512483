import { expect, it } from '@jest/globals';
import { readConfig } from './config.js';

it('a configuration with gaps names every one of them, and no value', () => {
  const read = () => readConfig({ PORT: 'secret-looking', PUBLIC_URL: 'localhost', TICKET_API_URL: '' });
  expect(read).toThrow(/SERVICE_SIGNING_KEY: is missing/);
  expect(read).toThrow(/TICKET_API_URL: is missing/);
  expect(read).toThrow(/PUBLIC_URL: /);
  expect(read).toThrow(/PORT: /);
  expect(read).not.toThrow(/secret-looking/);
});
