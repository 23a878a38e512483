import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Intake } from './intake.js';
import { EACH_TURN } from './turns.js';

/** An intake, what it has begun so far, and what it refused. */
function watched() {
  const begun: string[] = [];
  const refused: { status: number; body: Record<string, unknown> }[] = [];
  const open: EventEmitter[] = [];
  let counted = 0;
  const intake = new Intake(
    ({ url }) => void begun.push(url ?? ''),
    (count) => (counted += count),
  );
  const send = (url: string, socket = new EventEmitter()) => {
    const response = Object.assign(new EventEmitter(), {
      writeHead: (status: number) => ({
        end: (body: Buffer) => void refused.push({ status, body: JSON.parse(String(body)) }),
      }),
    });
    open.push(response);
    intake.take({ url, headers: {}, socket } as unknown as IncomingMessage, response as unknown as ServerResponse);
  };
  return { send, begun, refused, counted: () => counted, answerAll: () => open.forEach((each) => each.emit('close')) };
}

const turn = () => new Promise(setImmediate);
const names = (count: number) => Array.from({ length: count }, (_, index) => `/api/v1/orders/${index}`);

describe('the intake of a port', () => {
  it('begins at once what comes alone, and a crowd so many a turn, in the order of its arrival', async () => {
    const { send, begun } = watched();
    send('/a');
    expect(begun).toEqual(['/a']);
    const crowd = names(500);
    crowd.forEach((url) => send(url));
    expect(begun).toHaveLength(EACH_TURN);
    await turn();
    expect(begun).toHaveLength(2 * EACH_TURN);
    for (let turns = 0; turns < 400; turns += 1) await turn();
    expect(begun).toEqual(['/a', ...crowd]);
  });

  it('refuses what has waited too long, but for health and as many as are served at the same time', async () => {
    const { send, begun, refused, counted } = watched();
    const [early, ...late] = [names(20), ...names(1_680).map((name) => [`${name}/later`])];
    [...early!, '/health/live', ...late.flat()].forEach((url) => send(url));
    // Nothing is begun meanwhile: the event loop is held up.
    for (const end = Date.now() + 600; Date.now() < end;);
    for (let turns = 0; turns < 400; turns += 1) await turn();
    expect(begun).toHaveLength(1_000);
    expect(begun).toContain('/health/live');
    expect(counted()).toBe(701);
    expect(refused).toHaveLength(701);
    expect(refused[0]).toMatchObject({
      status: 503,
      body: { code: 'service-unavailable', instance: `/api/v1/orders/${EACH_TURN}` },
    });
  });

  it('lets in again when there is room', async () => {
    const { send, begun, answerAll } = watched();
    names(1_200).forEach((url) => send(url));
    for (const end = Date.now() + 600; Date.now() < end;);
    for (let turns = 0; turns < 400; turns += 1) await turn();
    expect(begun).toHaveLength(1_000);
    answerAll();
    await sleep(1);
    names(300).forEach((url) => send(url));
    for (let turns = 0; turns < 400; turns += 1) await turn();
    expect(begun).toHaveLength(1_300);
  });

  it('counts no request of a connection that is gone, answered or not', async () => {
    const { send, begun, answerAll } = watched();
    const sockets = Array.from({ length: 300 }, () => new EventEmitter());
    sockets.forEach((socket) => names(4).forEach((url) => send(url, socket)));
    for (let turns = 0; turns < 400; turns += 1) await turn();
    sockets.forEach((socket) => socket.emit('close'));
    answerAll();
    names(1_000).forEach((url) => send(url));
    for (const end = Date.now() + 600; Date.now() < end;);
    for (let turns = 0; turns < 400; turns += 1) await turn();
    expect(begun).toHaveLength(2_200);
  });
});
