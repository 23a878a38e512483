import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger } from '@app/observability';
import type { RunningService } from './open-service.js';
import { ask } from './testing/ask.js';
import { openSampleService } from './testing/sample-service.js';

let service: RunningService;
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  service = await openSampleService(createLogger('things', 'info', { write: (line) => lines.push(JSON.parse(line)) }));
});
afterAll(() => service?.close());

const answered = () => lines.findLast(({ msg }) => msg === 'answered');

it('a request for what nobody serves is logged with its path and without its query; it is no label of a metric', async () => {
  await ask(`${service.url}/api/v1/nowhere/7?token=s3cret`);
  expect(answered()).toMatchObject({ route: 'unknown', path: '/api/v1/nowhere/7', status: 404 });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(await (await fetch(`${service.internalUrl}/metrics`)).text()).not.toContain('nowhere');
  await ask(`${service.url}/api/v1/open`);
  expect(answered()).toMatchObject({ route: '/api/v1/open' });
  expect(answered()).not.toHaveProperty('path');
});
