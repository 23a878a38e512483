import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { CRASH_POINTS, type CrashPoint } from '@app/observability';
import { startPlatform, type Platform } from '@app/testing';
import { MailCatcher } from '../../apps/notification-service/src/testing/mail-catcher.js';
import { audit, auditEnvironmentOf } from '../support/audit.js';
import { eventually } from '../support/client.js';
import { Killer } from './killer.js';
import { brokenPromises } from './promises.js';
import { lineOf, tableOf, type Round } from './report.js';
import { Story } from './story.js';
import { isBeside, PAIRS, whatOf } from './table.js';
import type { Stage } from './theatre.js';

const SEED = Number(process.env.CRASH_POINTS_SEED || randomInt(2 ** 31));
/** One by chance, or `npm run crash-points`. */
const POINTS = (process.env.CRASH_POINTS || CRASH_POINTS[SEED % CRASH_POINTS.length]!).split(',') as CrashPoint[];
/** How often the story is told in a round until everything has passed. */
const TELLINGS = 3;
/** Milliseconds that what follows from a story may take. */
const AFTERMATH = 20_000;
const ROUND_LIMIT = 600_000;

const tell = (line: string) => process.stderr.write(`${line}\n`);

describe(`A process dies (seed ${SEED}: CRASH_POINTS_SEED=${SEED} repeats it)`, () => {
  const rounds: Round[] = [];
  const killer = new Killer();
  const mails = new MailCatcher();
  let platform: Platform;
  let stage: Stage;

  beforeAll(async () => {
    tell(`crash points: seed ${SEED}, ${POINTS.join(', ')}`);
    await mails.start();
    // Who asks again until there is an answer asks often.
    const noLimits = {
      RATE_LIMIT_AUTH: '0',
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_CALLER: '0',
      MAX_HOLDS_PER_BUYER: '0',
      // Nobody waits a minute for an edit.
      EVENT_CHANGE_SECONDS: '1',
    };
    const environment = { SMTP_URL: mails.url, ...noLimits };
    platform = await startPlatform({ environment: { ...environment, ...killer.environment } });
    stage = { platform, mails };
  });
  afterAll(async () => {
    if (rounds.length > 1) tell(tableOf(rounds));
    await platform?.remove();
    await mails.stop();
    killer.remove();
  });

  const missingAt = (point: CrashPoint) => PAIRS[point].filter((pair) => !killer.kills.has(pair));

  /** Of two that pass at once one may end the process for both: what is missed then is told again. */
  async function tellUntilAllHaveDied(story: Story, point: CrashPoint): Promise<void> {
    const nothingIsMissing = () =>
      eventually(
        'all to pass',
        async () => missingAt(point),
        (missing) => missing.length === 0,
        AFTERMATH,
      );
    await story.play();
    for (let telling = 1; telling < TELLINGS; telling += 1) {
      if (await nothingIsMissing().catch(() => undefined)) return;
      const missing = missingAt(point);
      tell(`  ${point}: told again for the sake of ${missing.join(', ')}`);
      await story.play(missing.map(whatOf));
    }
    await nothingIsMissing();
  }

  it.each(POINTS)(
    '%s: once for everything that passes, and nothing is lost, done twice or left undone',
    async (point) => {
      const since = Date.now();
      const story = await Story.begin(stage);
      killer.arm(point, PAIRS[point]);
      await tellUntilAllHaveDied(story, point).finally(() => killer.disarm());
      const { kills, passed } = killer;
      expect(missingAt(point)).toEqual([]);
      expect([...passed].filter((pair) => !PAIRS[point].includes(pair) && !isBeside(pair))).toEqual([]);
      expect([...new Set(kills.values())].filter(isAlive)).toEqual([]);

      const told = await audit(auditEnvironmentOf(platform), '--at-rest', '--json');
      const { invariants } = JSON.parse(told.said);
      expect(invariants.filter(({ state }: { state: string }) => state !== 'holds')).toEqual([]);
      expect(await brokenPromises(story)).toEqual([]);
      expect(killer.handledTwice).toEqual([]);
      const round = { point, kills, seconds: Math.round((Date.now() - since) / 1000) };
      rounds.push(round);
      tell(lineOf(round));
    },
    ROUND_LIMIT,
  );
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
