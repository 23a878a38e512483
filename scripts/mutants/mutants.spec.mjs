import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withoutGuard } from '../../mutants/apply.mjs';
import { MUTANTS } from '../../mutants/command.mjs';
import { mutants } from '../../mutants/mutants.mjs';
import { judge } from '../../mutants/run/judge.mjs';
import { sample } from '../../mutants/run/sample.mjs';

const root = join(import.meta.dirname, '../..');
const textOf = (file) => readFileSync(join(root, file), 'utf8');

/** What the titles of a spec's tests may read; a test that is made from a table has any words where its row's come in. */
function titlesIn(spec) {
  const literals = [...spec.matchAll(/(['"`])((?:\\.|(?!\1).)+)\1,?\s*(?:async )?\(/g)].map(([, , title]) => title);
  return literals.map((title) => {
    const words = title.replace(/\\(.)/g, '$1').replace(/[.*+?^{}()|[\]\\]/g, '\\$&');
    return new RegExp(`(^| )${words.replace(/%[sdijofp#]|\$\w+(\\\.\w+)*/g, '.+')}$`);
  });
}

describe('a mutant', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant]))('%s takes away what stands in its file once', (_, mutant) => {
    const text = textOf(mutant.file);
    expect(withoutGuard(text, mutant)).not.toBe(text);
    expect(existsSync(join(root, mutant.spec))).toBe(true);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant]))('%s names a test that its spec has', (_, mutant) => {
    const spec = textOf(mutant.spec);
    const isThere = spec.includes(mutant.caughtBy) || titlesIn(spec).some((title) => title.test(mutant.caughtBy));
    expect(isThere).toBe(true);
  });

  it('has a name of its own', () => {
    const names = mutants.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('says that it needs RabbitMQ when its test runs only where there is one', () => {
    const ofRabbitMq = mutants.filter(({ spec, caughtBy }) =>
      `${spec} ${caughtBy}`.match(/\.services\.spec\.|RabbitMQ/),
    );
    expect(mutants.filter(({ needs }) => needs === 'RabbitMQ')).toEqual(ofRabbitMq);
  });

  it('that needs RabbitMQ is run with --services alone, and else counted', () => {
    const judge = (services) => MUTANTS.judge({ values: { only: '', jobs: '2', services, list: false } });
    const [without, all] = [judge(false), judge(true)];
    expect([all.chosen.length, all.skipped]).toEqual([mutants.length, 0]);
    expect(without.chosen.filter(({ needs }) => needs)).toEqual([]);
    expect(without.skipped).toBe(mutants.length - without.chosen.length);
    expect(without.skipped).toBeGreaterThan(0);
  });

  it('cannot take away what is not there, or there twice', () => {
    const guard = { file: 'stock.ts', from: 'if (isFree)', to: '' };
    expect(() => withoutGuard('take()', guard)).toThrow('0 times');
    expect(() => withoutGuard('if (isFree) take(); if (isFree) hold();', guard)).toThrow('2 times');
    expect(withoutGuard('if (isFree) take()', guard)).toBe(' take()');
  });
});

describe('a mutant is', () => {
  const mutant = { caughtBy: 'is sold once' };
  const run = (tests, broken = null) => ({
    tests: Object.entries(tests).map(([name, passed]) => ({ name, passed })),
    broken,
  });

  it.each([
    ['caught', 'by the test that it names', run({ 'a seat is sold once': false, 'a seat is shown': true })],
    ['caught', 'by the only test that there is', run({ 'a seat is sold once': false })],
    ['survived', 'when that test passes, whatever else fails', run({ 'is sold once': true, 'is shown': false })],
    ['broken', 'when nothing works any more', run({ 'is sold once': false, 'is shown': false })],
    ['broken', 'when its spec cannot even be read', run({}, 'SyntaxError')],
    ['hung', 'when its spec does not end', undefined],
  ])('%s %s', (verdict, _, given) => {
    expect(judge(mutant, given)).toMatchObject({ verdict });
  });

  it('caught when nothing works any more, if that is said of it', () => {
    const given = run({ 'is sold once': false, 'is shown': false });
    expect(judge({ ...mutant, everyTestFails: true }, given)).toMatchObject({ verdict: 'caught' });
  });
});

describe('a sample', () => {
  it('is the same for the same seed, another for another, and has nothing twice', () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    const [one, again, other] = [sample(all, 10, 1), sample(all, 10, 1), sample(all, 10, 2)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(new Set(one).size).toBe(10);
  });
});
