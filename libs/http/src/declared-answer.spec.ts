import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger, Module, Res } from '@nestjs/common';
import { operation, operations } from '@app/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { declaredAnswer } from './declared-answer.js';
import { openService } from './open-service.js';
import { Operation } from './operation.decorator.js';
import { ask } from './testing/ask.js';
import { keys } from './testing/sample-service.js';

const SECRET = 'passwordHash';
const told = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
afterAll(() => told.mockRestore());

/** A value of a schema's shape, with a field too many in every object of it. */
function leaky(schema: z.core.$ZodType): unknown {
  const { def } = schema as unknown as { def: z.core.$ZodTypes['_zod']['def'] };
  if (def.type === 'object') {
    const declared = Object.entries(def.shape).map(([name, inner]) => [name, leaky(inner)]);
    return { [SECRET]: 'x', ...Object.fromEntries(declared) };
  }
  if (def.type === 'array') return [leaky(def.element), leaky(def.element)];
  if (def.type === 'record') return { any: leaky(def.valueType) };
  if ('innerType' in def) return leaky(def.innerType);
  if (def.type === 'pipe') return leaky(def.in);
  return 'x';
}

const json = operations.flatMap(({ id, responses }) =>
  Object.entries(responses).flatMap(([status, schema]) =>
    typeof schema === 'string' ? [] : [[id, Number(status), schema, responses] as const],
  ),
);

describe('what an operation answers', () => {
  it.each(json)(
    '%s, %i: nothing undeclared, at no depth, and all that is declared',
    (id, status, schema, responses) => {
      const value = leaky(schema);
      expect(JSON.stringify(value)).toContain(SECRET);
      const kept = declaredAnswer({ id, responses })(status, value);
      const expected = JSON.stringify(value).replaceAll(`"${SECRET}":"x",`, '').replaceAll(`"${SECRET}":"x"`, '');
      expect(JSON.stringify(kept)).toBe(expected);
    },
  );

  it('keeps no object in the place of a text, and takes dates for texts', () => {
    const keep = declaredAnswer({
      id: 'x',
      responses: { 200: z.object({ name: z.string(), at: z.string().nullable() }) },
    });
    expect(keep(200, { name: { [SECRET]: 'x' }, at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(keep(200, { name: [{ [SECRET]: 'x' }], at: null })).toEqual({ at: null });
    expect(keep(200, [{ [SECRET]: 'x' }])).not.toHaveProperty(`0.${SECRET}`);
  });

  it('says nothing where a file or nothing is declared', () => {
    expect(declaredAnswer({ id: 'x', responses: { 204: 'empty' } })(204, { [SECRET]: 'x' })).toEqual({});
    expect(declaredAnswer({ id: 'x', responses: { 200: 'file' } })(200, { [SECRET]: 'x' })).toEqual({});
  });

  it('of several forms is the one that fits, or nothing', () => {
    const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() }), z.string()]);
    const keep = declaredAnswer({ id: 'x', responses: { 200: z.object({ one: either }) } });
    expect(keep(200, { one: { b: 'b', [SECRET]: 'x' } })).toEqual({ one: { b: 'b' } });
    expect([keep(200, { one: 'c' }), keep(200, { one: { [SECRET]: 'x' } })]).toEqual([{ one: 'c' }, {}]);
    const unknowable = z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() }));
    expect(() => declaredAnswer({ id: 'x', responses: { 200: unknowable } })).toThrow('intersection');
  });

  it('that is held back is told once, by its name alone', () => {
    const keep = declaredAnswer({ id: 'listPeople', responses: { 200: z.object({ name: z.string() }) } });
    told.mockClear();
    keep(200, { name: 'a', [SECRET]: 'of somebody' });
    keep(200, { name: 'b', [SECRET]: 'of somebody' });
    expect(told.mock.calls).toEqual([[expect.stringMatching(/^listPeople .*: passwordHash$/)]]);
  });
});

const Thing = z.object({ name: z.string() });
const base = { tag: 't', service: 'ticket-api', summary: '', method: 'GET', access: 'anyone' } as const;
const returned = operation({ ...base, id: 'returned', path: '/returned', responses: { 200: Thing } });
const sent = operation({ ...base, id: 'sent', path: '/sent', responses: { 202: z.object({ data: z.array(Thing) }) } });
const row = { name: 'a', [SECRET]: 'x' };

@Controller()
class Leaky {
  @Operation(returned)
  returned() {
    return row;
  }
  @Operation(sent)
  sent(@Res() reply: FastifyReply) {
    void reply.status(202).send({ data: [row], [SECRET]: 'x' });
  }
}
@Module({ controllers: [Leaky] })
class LeakyModule {}

it('whatever way a handler answers, its service holds back what is not declared', async () => {
  const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys['ticket-api'] } as const;
  const options = { name: 'ticket-api', module: () => LeakyModule, operations: [returned, sent] };
  const { url, close } = await openService(options, config);
  expect((await ask(`${url}/api/v1/returned`)).body).toEqual({ name: 'a' });
  expect(await ask(`${url}/api/v1/sent`)).toMatchObject({ status: 202, body: { data: [{ name: 'a' }] } });
  expect(JSON.stringify((await ask(`${url}/api/v1/sent`)).body)).not.toContain(SECRET);
  await close();
});
