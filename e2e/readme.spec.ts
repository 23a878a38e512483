import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [, purchase = ''] =
  /^## A first purchase by hand$.*?^```sh\n(.*?)^```$/ms.exec(readFileSync('README.md', 'utf8')) ?? [];

describe('the first purchase by hand, as README.md has it', () => {
  let platform: Platform;
  let folder: string;
  let told: string[];
  let complaints: string;

  beforeAll(async () => {
    platform = await startPlatform({ seed: true });
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
    const script = purchase.replace('http://localhost:3000/api/v1', platform.api);
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
    [told, complaints] = [stdout.trim().split('\n'), stderr];
  });
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
    const [admitted, refused, ...more] = told.slice(2).map((line) => JSON.parse(line));
    expect(admitted).toMatchObject({ status: 'checked_in', gate: 'North' });
    expect(refused).toMatchObject({
      status: 409,
      code: 'already-checked-in',
      gate: 'North',
      checkedInAt: admitted.checkedInAt,
    });
    expect(more).toEqual([]);
  });
});
