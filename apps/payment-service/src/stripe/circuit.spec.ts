import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { begin, CLOSED, end, FAILURES, LATEST, PAUSE, PROBE_LIMIT, room, WINDOW, type Circuit } from './circuit.js';

/** The circuit after a request that began and ended at `now`; unchanged when it may not begin. */
function request(circuit: Circuit, failed: boolean, now: number): Circuit {
  const begun = begin(circuit, now);
  return begun ? end(begun, { round: begun.round, failed }, now) : circuit;
}

const requests = (outcomes: boolean[], { every = 0, from = CLOSED } = {}) =>
  outcomes.reduce<Circuit>((circuit, failed, index) => request(circuit, failed, index * every), from);
const failures = (count: number) => Array.from({ length: count }, () => true);
const OPEN = requests(failures(FAILURES));

describe('the circuit', () => {
  it('opens after several failures, and not before', () => {
    expect(requests(failures(FAILURES - 1)).state).toBe('closed');
    expect(OPEN.state).toBe('open');
  });

  it('opens when every second request fails, and not when few do', () => {
    const outcomes = (every: number) => Array.from({ length: 5 * LATEST }, (_, index) => index % every === 0);
    expect(requests(outcomes(2)).state).toBe('open');
    expect(requests(outcomes(4)).state).toBe('closed');
  });

  it('forgets failures that are older than the window', () => {
    expect(requests(failures(FAILURES), { every: WINDOW / (FAILURES - 1) }).state).toBe('closed');
    expect(requests(failures(FAILURES), { every: WINDOW / FAILURES }).state).toBe('open');
  });

  it('lets nobody through during the pause, and one after it', () => {
    expect([begin(OPEN, PAUSE - 1), room(OPEN, PAUSE - 1, 20)]).toEqual([null, 0]);
    expect(room(OPEN, PAUSE, 20)).toBe(1);
    const probing = begin(OPEN, PAUSE)!;
    expect(probing.state).toBe('half-open');
    expect([begin(probing, PAUSE), room(probing, PAUSE, 20)]).toEqual([null, 0]);
  });

  it('is closed by a probe that succeeds, as if nothing had been', () => {
    const closed = request(OPEN, false, PAUSE);
    expect(closed).toEqual({ ...CLOSED, round: closed.round });
    expect(room(closed, PAUSE, 20)).toBe(20);
  });

  it('pauses again after a probe that fails', () => {
    const open = request(OPEN, true, PAUSE);
    expect(open.state).toBe('open');
    expect([room(open, 2 * PAUSE - 1, 20), room(open, 2 * PAUSE, 20)]).toEqual([0, 1]);
  });

  it('lets another request probe when the first one never ends', () => {
    const probing = begin(OPEN, PAUSE)!;
    expect(begin(probing, PAUSE + PROBE_LIMIT - 1)).toBeNull();
    const second = begin(probing, PAUSE + PROBE_LIMIT)!;
    expect(end(second, { round: probing.round, failed: false }, PAUSE + PROBE_LIMIT)).toEqual(second);
  });

  it('heeds no outcome of a request that began before it changed', () => {
    const [before] = [begin(CLOSED, 0)!];
    for (const failed of [true, false]) expect(end(OPEN, { round: before.round, failed }, 1)).toEqual(OPEN);
    const closed = request(OPEN, false, PAUSE);
    const late = failures(FAILURES).reduce<Circuit>(
      (circuit) => end(circuit, { round: 0, failed: true }, PAUSE),
      closed,
    );
    expect(late).toEqual(closed);
  });
});

/** What may happen, in any order: time passes, a request begins, one of those under way ends. */
const happening = fc.oneof(
  fc.record({ what: fc.constant('wait' as const), for: fc.integer({ min: 1, max: 2 * PAUSE }) }),
  fc.record({ what: fc.constant('begin' as const) }),
  fc.record({ what: fc.constant('end' as const), which: fc.nat(), failed: fc.boolean() }),
);

describe('whatever happens', () => {
  it('one request at most probes, none begins during a pause, and room says what begin does', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 200 }), (happenings) => {
        let circuit = CLOSED;
        let now = 0;
        let pausedUntil = 0;
        const underWay: number[] = [];
        const probesBegun = new Map<number, number>();
        for (const each of happenings) {
          if (each.what === 'wait') now += each.for;
          if (each.what === 'begin') {
            const begun = begin(circuit, now);
            expect(room(circuit, now, 1)).toBe(begun ? 1 : 0);
            if (!begun) continue;
            expect(now).toBeGreaterThanOrEqual(pausedUntil);
            if (begun.state !== 'closed') {
              const running = underWay.filter((round) => now - (probesBegun.get(round) ?? -Infinity) < PROBE_LIMIT);
              expect(running).toEqual([]);
              probesBegun.set(begun.round, now);
            }
            circuit = begun;
            underWay.push(begun.round);
          }
          if (each.what === 'end' && underWay.length > 0) {
            const [round] = underWay.splice(each.which % underWay.length, 1) as [number];
            const before = circuit;
            circuit = end(circuit, { round, failed: each.failed }, now);
            if (circuit.state === 'open' && before.round !== circuit.round) pausedUntil = now + PAUSE;
          }
        }
      }),
    );
  });

  it('it lets a request through again after a pause and the time of a probe', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(PAUSE)), { maxLength: 100 }), (outcomes) => {
        let now = 0;
        let circuit = CLOSED;
        for (const [failed, after] of outcomes) circuit = request(circuit, failed, (now += after));
        expect(begin(circuit, now + PAUSE + PROBE_LIMIT)).not.toBeNull();
      }),
    );
  });
});
