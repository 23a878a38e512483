import { relative } from 'node:path';
import { dataDirSetting } from './data-dir-setting.js';
import type { PlatformFacts } from './platform-file.js';
import type { DemoAccounts } from './seed/demo.js';

/** What a person wants to know once everything runs: addresses, accounts, and what to try. */
export function bannerOf(facts: PlatformFacts, demo: DemoAccounts | undefined, seconds: number): string {
  const { gateway, mailbox, simulator, simulatorAdmin, dataDirectory } = facts;
  const folder = relative(process.cwd(), dataDirectory) || dataDirectory;
  const rows = [
    ['API', `${gateway}/api/v1`],
    ['API reference', `${gateway}/docs`],
    ...(mailbox ? [['Mails', `${mailbox}  (and ${folder}/mail)`]] : []),
    ...(simulator ? [['Stripe simulator', simulator]] : []),
    ...(simulatorAdmin ? [['  misbehaves on command', `${simulatorAdmin}  (docs/simulator.md)`]] : []),
    ['Logs, data, secrets', folder],
    ...(demo
      ? Object.entries(demo).map(([role, { email, password }]) => [`Demo ${role}`, `${email} / ${password}`])
      : []),
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  const table = rows.map(([name = '', value]) => `  ${name.padEnd(width)}  ${value}`);
  return [
    '',
    `The platform is ready (${seconds.toFixed(1)} s).`,
    '',
    ...table,
    '',
    'Try next, in another terminal:',
    `  ${`${dataDirSetting(dataDirectory)}npm run demo`.padEnd(34)}  the whole story: buy, pay, PDF and QR, enter`,
    `  curl ${gateway}/api/v1/events`,
    '',
    'Ctrl-C stops everything; what was done is kept.',
    '',
    `ready ${gateway}`,
  ].join('\n');
}
