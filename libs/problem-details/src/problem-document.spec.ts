import { describe, expect, it } from '@jest/globals';
import { problems, type ProblemCode } from '@app/contracts';
import { isUnavailable, toProblem } from './problem-document.js';
import { ProblemError } from './problem-error.js';

const facts = { instance: '/api/v1/orders', requestId: 'r-1' };

describe('problem documents', () => {
  it.each(Object.keys(problems) as ProblemCode[])(
    '%s carries its code, status and the standard members of RFC 9457',
    (code) => {
      const document = toProblem(new ProblemError(code, 'why'), facts);
      expect(document).toMatchObject({ code, status: problems[code].status, detail: 'why', ...facts });
      expect(document.type).toContain(code);
      expect(document.title.length).toBeGreaterThan(0);
    },
  );

  it('extension members cannot replace a standard one', () => {
    const document = toProblem(new ProblemError('sold-out', 'none left', { available: [], status: 200 }), facts);
    expect(document).toMatchObject({ available: [], status: 409 });
  });

  it('an unknown error tells the client nothing of its text', () => {
    const document = toProblem(new Error('password=hunter2'), facts);
    expect(document).toMatchObject({ status: 500, code: 'internal-error' });
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('a database that is away, also deep inside a driver error, is 503 and not 500', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const shutdown = Object.assign(new Error('x'), { driverError: Object.assign(new Error('y'), { code: '57P01' }) });
    const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
    const caused = new Error('orders cannot be read', { cause: refused });
    expect([refused, shutdown, full, caused].map((error) => toProblem(error, facts).status)).toEqual([
      503, 503, 503, 503,
    ]);
    expect(isUnavailable(Object.assign(new Error('duplicate'), { code: '23505' }))).toBe(false);
  });

  it.each([
    'Query read timeout',
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'timeout exceeded when trying to connect',
  ])('what the database client says without a code is 503 too: %s', (message) => {
    expect(toProblem(new Error(message), facts).status).toBe(503);
  });

  it("a framework's own errors keep their meaning", () => {
    const of = (statusCode: number) => toProblem(Object.assign(new Error('x'), { statusCode }), facts).code;
    expect([413, 415, 404, 405].map(of)).toEqual([
      'body-too-large',
      'unsupported-media-type',
      'not-found',
      'method-not-allowed',
    ]);
  });
});
