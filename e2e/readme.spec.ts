import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const readme = readFileSync('README.md', 'utf8');
const walk = (heading: string): string =>
  new RegExp(`^## ${heading}$.*?^\`\`\`sh\\n(.*?)^\`\`\`$`, 'ms').exec(readme)?.[1] ?? '';
const PURCHASE_LINES = 7;
const DOOR_LINES = 6;

describe('the first purchase, the door and a transfer by hand, as README.md has them', () => {
  let platform: Platform;
  let folder: string;
  let told: string[];
  let complaints: string;

  beforeAll(async () => {
    platform = await startPlatform({ seed: true });
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
    const script = `${walk('A first purchase by hand')}${walk('The door by hand')}${walk('Hand a ticket on')}`
      .replaceAll('http://localhost:3000', platform.url)
      .replace('.data/mail', join(platform.dataDirectory, 'mail'));
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
    [told, complaints] = [stdout.trim().split('\n'), stderr];
  }, 240_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await platform?.remove();
  });

  it('complains of nothing', () => {
    expect(complaints).toBe('');
  });

  it('pays, and the order is confirmed', () => {
    expect(told.slice(0, 2)).toEqual(['303', 'confirmed']);
  });

  it('fetches the ticket as a PDF', () => {
    expect(readFileSync(join(folder, 'ticket.pdf'), 'latin1')).toMatch(/^%PDF-/);
  });

  it('is admitted once, then refused with gate and time', () => {
    const [admitted, refused] = told.slice(2, 4).map((line) => JSON.parse(line));
    expect(admitted).toMatchObject({ status: 'checked_in', gate: 'North' });
    expect(refused).toMatchObject({
      status: 409,
      code: 'already-checked-in',
      gate: 'North',
      checkedInAt: admitted.checkedInAt,
    });
  });

  it('takes the admission back, is admitted again and counted', () => {
    const [status, gate, admissions] = told.slice(4, PURCHASE_LINES);
    expect([status, gate]).toEqual(['valid', 'North']);
    expect(JSON.parse(admissions ?? '')).toMatchObject({ admitted: 1, byGate: [{ gate: 'North', admitted: 1 }] });
  });

  it('proves an e-mail, signs in in each way, invites, gives a key to software and erases the account', () => {
    expect(told.slice(PURCHASE_LINES, PURCHASE_LINES + DOOR_LINES)).toEqual([
      'true',
      'Ada L.',
      'Bearer',
      'owner',
      'Rehearsal',
      '204',
    ]);
    const exported = JSON.parse(readFileSync(join(folder, 'ada.json'), 'utf8'));
    expect(exported.account).toMatchObject({ name: 'Ada L.', recoveryCodesLeft: 9 });
  });

  it('hands a ticket on to an address that has no account yet', () => {
    expect(told.slice(PURCHASE_LINES + DOOR_LINES)).toEqual(['true', 'pending', 'accepted', '404', 'Bo']);
    expect(readFileSync(join(folder, 'bo.pdf'), 'latin1')).toMatch(/^%PDF-/);
  });
});
