import { describe, expect, it } from '@jest/globals';
import { Programs } from './programs.js';

describe('the programs', () => {
  it('of a bundled launcher are the bundled ones', () => {
    const programs = new Programs('/clone/dist/programs/standalone');
    expect(programs.of('ticket-api', 'main')).toBe('/clone/dist/programs/ticket-api/main.js');
    expect(programs.dist).toBe('/clone/dist');
  });

  it('of a compiled launcher are the compiled ones', () => {
    const programs = new Programs('/clone/dist/apps/standalone/src');
    expect(programs.of('ticket-api', 'migrate')).toBe('/clone/dist/apps/ticket-api/src/migrate.js');
    expect(programs.dist).toBe('/clone/dist');
  });
});
