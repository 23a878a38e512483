import { describe, expect, it } from '@jest/globals';
import { renderLine } from './log-line.js';

const at = new Date(2026, 10, 21, 9, 5, 7).getTime();
const ownCalls = 'own-1-';
const plain = { colour: false, ownCalls };
const render = (entry: object, colour = false, service = 'ticket-api') =>
  renderLine(service, JSON.stringify({ time: at, ...entry }), { colour, ownCalls }) ?? '';

describe('a log line for people', () => {
  it('reads as time, service, level, message and fields', () => {
    expect(
      render({ level: 30, msg: 'moved', method: 'POST', route: '/api/v1/orders', status: 201, ms: 3.2, pid: 7 }),
    ).toBe('09:05:07 ticket-api           info  moved method=POST route=/api/v1/orders status=201 ms=3.2');
  });

  it('knows levels by number and by name, and nested fields', () => {
    expect(render({ level: 'warn', msg: 'slow', order: { id: 'o-1', lines: [1, 2] } })).toBe(
      '09:05:07 ticket-api           warn  slow order.id=o-1 order.lines=[1,2]',
    );
    expect(render({ level: 50, msg: 'x' })).toContain('error x');
  });

  it('quotes what has spaces, and shortens what is endless', () => {
    expect(render({ level: 30, msg: 'm', agent: 'two words', empty: '' })).toContain('m agent="two words" empty=""');
    expect(render({ level: 30, msg: 'm', body: 'x'.repeat(1_000) }).length).toBeLessThan(400);
  });

  it('puts a stack below, indented', () => {
    const line = render({ level: 50, msg: 'failed', err: { message: 'no', stack: 'Error: no\n    at place.ts:1' } });
    expect(line.split('\n').slice(1)).toEqual(['         Error: no', '             at place.ts:1']);
  });

  it('lets nothing from outside move the cursor, colour the screen or begin a line', () => {
    const line = render({
      level: 30,
      msg: 'a\n12:00:00 forged',
      agent: '\u001b[2J\u009b31mred\u0085\u0007\r\n12:00:00 forged',
    });
    for (const character of ['\u001b', '\u009b', '\u0085', '\u0007', '\r', '\n12'])
      expect(line).not.toContain(character);
    expect(line.split('\n')[1]).toMatch(/^ {9}12:00:00 forged agent=/);
  });

  it('shows text that is not JSON as it is', () => {
    expect(renderLine('mailbox', 'Error: out of luck', plain, 'warn')).toMatch(
      /^\d\d:\d\d:\d\d mailbox              warn  Error: out of luck$/,
    );
    expect(renderLine('mailbox', '{"broken', plain)).toContain('info  {"broken');
  });

  it('is coloured by level on a terminal only', () => {
    const red = render({ level: 50, msg: 'x' }, true);
    expect(red.startsWith('\u001b[31m') && red.endsWith('\u001b[0m')).toBe(true);
    expect(render({ level: 30, msg: 'x' }, true)).not.toContain('\u001b');
  });

  it("leaves out Nest's account of its own wiring, but none of its warnings", () => {
    expect(render({ level: 'info', context: 'RouterExplorer', msg: 'Mapped {/, GET} route' })).toBe('');
    expect(render({ level: 'warn', context: 'RouterExplorer', msg: 'odd' })).toContain('odd');
    expect(render({ level: 'info', context: 'Relay', msg: 'Messages leave again.' })).toContain(
      'Messages leave again.',
    );
  });

  it('tells each request once, as the gateway does, and what came by another way', () => {
    const answered = { level: 'info', msg: 'answered', requestId: 'r-1', route: '/api/v1/orders', status: 201 };
    expect(render(answered, false, 'api-gateway')).toContain('status=201');
    expect(render(answered)).toBe('');
    expect(render({ level: 'info', msg: 'security', event: 'auth.signed-in' })).toBe('');
    expect(render({ level: 'warn', msg: 'security', event: 'auth.slowed-down' })).toContain('event=auth.slowed-down');
    expect(render({ ...answered, route: '/v1/refunds' }, false, 'stripe-simulator')).toBe('');
    expect(render({ ...answered, route: '/internal/tickets/:id', status: 500 })).toContain('status=500');
    expect(render({ ...answered, route: '/simulator/checkout/:sessionId/pay' }, false, 'stripe-simulator')).toContain(
      '/pay',
    );
  });

  it('is silent on what our own calls bring about, but for what goes wrong', () => {
    const entry = { level: 'info', msg: 'answered', requestId: 'own-1-2', route: '/api/v1/events', status: 201 };
    expect(render(entry, false, 'api-gateway')).toBe('');
    expect(render({ level: 'info', msg: 'Mail sent', requestId: 'm-1', correlationId: 'own-1-2' })).toBe('');
    expect(render({ ...entry, level: 'warn' }, false, 'api-gateway')).toContain('answered');
    expect(render({ ...entry, requestId: 'own-2-2' }, false, 'api-gateway')).toContain('answered');
  });
});
