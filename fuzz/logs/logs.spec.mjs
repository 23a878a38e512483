import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logsOf, seriousLines } from './logs.mjs';
import { Secrets } from './secrets.mjs';

const line = (fields) => `${JSON.stringify({ level: 'info', service: 'spec', ...fields })}\n`;

describe('secrets in logs', () => {
  const secrets = new Secrets();
  secrets.name('the ticket signing key', 'MC4CAQAwBQYDK2VwBCIEIA==');
  secrets.add('correct horse', 'short', undefined);

  it('are found wherever they stand, as they are and as they stand in an address, and are not told again', () => {
    const found = [
      ...secrets.foundIn(line({ msg: 'odd', err: { detail: 'Failing row contains (correct horse)' } }), 'a.log'),
      ...secrets.foundIn(line({ url: '/x?password=correct%20horse' }), 'b.log'),
      ...secrets.foundIn(line({ key: 'MC4CAQAwBQYDK2VwBCIEIA==' }), 'c.log'),
    ];
    expect(found).toHaveLength(3);
    expect(found[2]).toContain('c.log holds a secret (the ticket signing key)');
    expect(found.join()).not.toMatch(/correct|MC4C/);
  });

  it('of which there was none of a kind are named: nobody has looked for them', () => {
    const some = new Secrets();
    for (const kind of ['an API key', 'a recovery code', 'a token that was mailed'])
      some.name(kind, `${kind} of chance`);
    expect(some.missing).toEqual(['the secret of a second factor']);
    some.name('the secret of a second factor', 'JBSWY3DPEHPK3PXP');
    expect(some.missing).toEqual([]);
  });

  it.each([
    ['a JSON web token', `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0xx.${'s'.repeat(40)}`],
    ['a private key', `-----BEGIN ${'RSA PRIVATE'} KEY-----`],
    ['a key of the provider', `sk_${'test'}_0123456789abcdef`],
    ['a key of the provider', `whsec${'_'}0123456789abcdef`],
    ['a password in an address', 'amqp://guest:hunter2@broker:5672'],
    ['an argon2 hash', '$argon2id$v=19$m=19456'],
    ['an API key', `tk_${'a'.repeat(30)}`],
  ])('%s is known by its looks', (what, text) => {
    expect(secrets.foundIn(line({ msg: `here: ${text}` }), 'x.log')).toEqual([
      expect.stringContaining(`x.log holds ${what}`),
    ]);
  });

  it('lines without one are left alone, and so is an address whose password is taken out', () => {
    expect(
      secrets.foundIn(line({ msg: 'listening', url: 'http://127.0.0.1:3000', at: 'postgres://u:[redacted]@h/d' }), 'x'),
    ).toEqual([]);
  });

  it('every file of a platform is read, and lines of errors are told once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-logs-'));
    mkdirSync(join(folder, 'logs'));
    writeFileSync(
      join(folder, 'logs', 'a.log'),
      line({ msg: 'fine' }) + line({ level: 'error', msg: 'broken' }).repeat(3),
    );
    writeFileSync(join(folder, 'logs', 'b.log'), line({ level: 'fatal', msg: 'over' }));
    const logs = logsOf(folder);
    expect(logs.map(({ name }) => name).toSorted()).toEqual(['logs/a.log', 'logs/b.log']);
    expect(
      seriousLines(logs)
        .map((one) => one.slice(0, 24))
        .toSorted(),
    ).toEqual(['logs/a.log has an error:', 'logs/b.log has an error:']);
    rmSync(folder, { recursive: true });
  });
});
