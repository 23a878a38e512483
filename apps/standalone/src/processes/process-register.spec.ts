import { expect, it } from '@jest/globals';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRegister } from './process-register.js';

it('whoever reads the register while a process is noted finds all of the old one, or all of the new one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-register-'));
  try {
    const path = join(folder, 'processes.json');
    const register = new ProcessRegister(path);
    register.note('one', process.pid);
    const reading = openSync(path, 'r');
    register.note('two', process.pid);
    const names = (text: string) => (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
    expect(names(readFileSync(reading, 'utf8'))).toEqual(['one']);
    expect(names(readFileSync(path, 'utf8'))).toEqual(['one', 'two']);
    closeSync(reading);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
