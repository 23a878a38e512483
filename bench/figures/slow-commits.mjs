import { orders } from '../load/requests.mjs';
import { alternate, median } from '../rounds.mjs';
import { on } from '../stage/databases.mjs';

const CALLERS = 256;
const COMMITS = 20;
/** Microseconds that a commit waits before it is made durable, as it does on an ordinary cloud disk. */
const DELAY = 2_000;

/** What sharing a commit is worth where one takes time. */
export async function measureSlowCommits(stage, { rounds, milliseconds }) {
  const [grouped, single] = [await stage.grouped(), await stage.single()];
  const place = (site) => () => orders(site, site.endless, { callers: CALLERS, milliseconds });
  const fast = await commitTime(single);
  try {
    for (const site of [grouped, single]) await delayCommits(site, DELAY);
    const slow = await commitTime(single);
    if (slow < fast + DELAY / 2_000) throw new Error(`Commits do not take longer: ${fast} ms, then ${slow} ms.`);
    const pair = await alternate(rounds, {
      before: () => Promise.all([grouped.quiet(), single.quiet()]),
      reference: place(single),
      subject: place(grouped),
    });
    return { 'slow-commits': { ...pair, note: `a commit took ${fast.toFixed(1)} ms, now ${slow.toFixed(1)} ms` } };
  } finally {
    for (const site of [grouped, single]) await delayCommits(site, 0);
  }
}

/** PostgreSQL's own pause before a flush; without siblings it is made for a commit that is alone, too. */
const delayCommits = ({ inner: { ownerUrl } }, microseconds) =>
  on(ownerUrl, async (client) => {
    await client.query(`alter system set commit_delay = ${microseconds}`);
    await client.query('alter system set commit_siblings = 0');
    await client.query('select pg_reload_conf()');
  });

/** Milliseconds of a small transaction of one client. */
const commitTime = ({ inner: { ownerUrl } }) =>
  on(ownerUrl, async (client) => {
    await client.query('create table if not exists commit_time (n int)');
    const times = [];
    for (let n = 0; n < COMMITS; n += 1) {
      const since = performance.now();
      await client.query('insert into commit_time values (1)');
      times.push(performance.now() - since);
    }
    await client.query('drop table commit_time');
    return median(times);
  });
