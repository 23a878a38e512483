import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsOf } from './operations.mjs';
import { Shapes } from './shapes.mjs';

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'));
const operations = operationsOf(document);
const shapes = new Shapes(document);
const named = (id) => operations.find((operation) => operation.id === id);

describe('what the OpenAPI document says', () => {
  it('is read: who needs a credential, what takes a key, what is in the path', () => {
    expect(operations.length).toBeGreaterThan(60);
    expect(named('placeOrder')).toMatchObject({ method: 'POST', takesKey: true, needsCaller: true, params: [] });
    expect(named('getEvent')).toMatchObject({ needsCaller: false, params: ['eventId'] });
    expect(named('signUp').needsCaller).toBe(false);
    expect(named('receiveWebhook').body).toEqual({ raw: true });
  });

  it('every JSON body is closed: a field that nobody declared does not fit', () => {
    const open = operations
      .filter(({ body }) => body?.schema)
      .filter(({ body }) => shapes.wrongRequest(body.schema, { surprise: 1 }) === undefined);
    expect(open.map(({ id }) => id)).toEqual([]);
  });

  it('a property of an answer that is not declared is told, however deep', () => {
    const { schema } = named('listTickets').responses[200].content['application/json'];
    const ticket = {
      ...{ id: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47', orderId: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47' },
      ...{ eventId: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47', ticketTypeId: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47' },
      ...{
        holder: { id: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47', name: 'A' },
        status: 'valid',
        number: '1',
        createdAt: 'x',
      },
    };
    expect(shapes.wrongAnswer(schema, { data: [ticket], nextCursor: null })).toBeUndefined();
    const leaky = { ...ticket, holder: { ...ticket.holder, password_hash: 'x' } };
    expect(shapes.wrongAnswer(schema, { data: [leaky], nextCursor: null })).toContain('password_hash');
    expect(shapes.wrongAnswer(schema, { data: [{ ...ticket, status: 'odd' }], nextCursor: null })).toContain('status');
  });
});
