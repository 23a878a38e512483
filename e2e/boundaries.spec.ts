import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** For each rule a file that imports what it must not. */
const violations: [rule: string, file: string, content: string][] = [
  ['apps-never-import-apps', 'apps/payment-service/src/main.ts', `import '../../ticket-api/src/main.js';`],
  ['libs-never-import-apps', 'libs/auth/src/to-an-app.ts', `import '../../../apps/ticket-api/src/main.js';`],
  ['libs-by-their-index-only', 'apps/ticket-api/src/past-the-index.ts', `import '../../../libs/auth/src/inner.js';`],
  ['contracts-import-zod-only', 'libs/contracts/src/heavy.ts', `import 'rxjs';`],
  [
    'features-by-their-module-only',
    'apps/ticket-api/src/orders/past-the-door.ts',
    `import '../catalogue/event.store.js';`,
  ],
  ['domain-imports-no-package', 'apps/ticket-api/src/orders/allocation.ts', `import 'rxjs';`],
  ['typeorm-in-stores-only', 'apps/ticket-api/src/orders/with-tables.ts', `import 'typeorm';`],
  ['stripe-in-the-gateway-file-only', 'apps/ticket-api/src/orders/with-stripe.ts', `import 'stripe';`],
  ['no-cycles', 'libs/auth/src/inner.ts', `import './round.js';`],
  ['no-orphans', 'libs/auth/src/alone.ts', `export const alone = 1;`],
  ['testing-is-for-specs', 'apps/ticket-api/src/with-testing.ts', `import '../../../libs/testing/src/index.js';`],
  ['everything-resolves', 'libs/auth/src/to-nowhere.ts', `import './nowhere.js';`],
];

const innocent: [file: string, content: string][] = [
  ['libs/auth/src/round.ts', `import './inner.js';`],
  ['libs/contracts/src/index.ts', `import 'zod';`],
  ['libs/testing/src/index.ts', `import 'zod';`],
  ['apps/ticket-api/src/main.ts', `import '../../../libs/contracts/src/index.js';`],
  ['apps/ticket-api/src/catalogue/event.store.ts', `import 'typeorm'; import 'pg';`],
  [
    'apps/ticket-api/src/catalogue/catalogue.module.ts',
    `import './event.store.js'; import '../../../../libs/contracts/src/index.js';`,
  ],
  ['apps/ticket-api/src/orders/order.store.ts', `import 'typeorm'; import '../catalogue/catalogue.module.js';`],
  ['apps/payment-service/src/stripe/stripe.gateway.ts', `import 'stripe';`],
];

describe('the rules of who may import whom', () => {
  let house: string;
  let found: { from: string; rule: { name: string } }[];

  beforeAll(() => {
    house = mkdtempSync(join(tmpdir(), 'ticketing-boundaries-'));
    for (const [name, content] of [...innocent, ...violations.map(([, file, content]) => [file, content] as const)]) {
      mkdirSync(dirname(join(house, name)), { recursive: true });
      writeFileSync(join(house, name), content);
    }
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) cpSync(name, join(house, name));
    symlinkSync(join(process.cwd(), 'node_modules'), join(house, 'node_modules'));
    const cruise = join(process.cwd(), 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [cruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
    found = (JSON.parse(stdout) as { summary: { violations: typeof found } }).summary.violations;
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(violations)('%s catches a violation', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('every rule of the configuration is shown', async () => {
    const { default: configuration } = (await import(join(process.cwd(), '.dependency-cruiser.mjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    expect(configuration.forbidden.map(({ name }) => name).sort()).toEqual(violations.map(([rule]) => rule).sort());
  });

  it('what keeps the rules is let through', () => {
    const blamed = new Set(found.map(({ from }) => from));
    expect(
      innocent.map(([file]) => file).filter((file) => blamed.has(file) && file !== 'libs/auth/src/round.ts'),
    ).toEqual([]);
  });
});
