import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

it('docs/saga.md tells to enable the event types that are read, and no others', () => {
  const [, told = ''] = /^## Webhooks of Stripe$.*?^```\n(.*?)^```$/ms.exec(readFileSync('docs/saga.md', 'utf8')) ?? [];
  const code = readFileSync('apps/payment-service/src/webhooks/event-news.ts', 'utf8');
  const read = [...code.matchAll(/^ +case '(\S+)':/gm)].map(([, type]) => type);
  expect(read.length).toBeGreaterThan(0);
  expect(told.trim().split('\n')).toEqual(read.sort());
});
