import { echoes, orders, reads } from '../load/requests.mjs';
import { alternate } from '../rounds.mjs';

/** What is asked far more often than bought: “is there anything left?”, and the last answer to it. */
export async function measureReads(stage, { rounds, milliseconds }) {
  const [echo, grouped] = [await stage.echo(), await stage.grouped()];
  const before = () => grouped.quiet();
  const gets = { callers: 64, milliseconds };
  const page = (path) =>
    alternate(rounds, {
      before,
      reference: () => echoes(echo, { ...gets, method: 'GET' }),
      subject: () => reads(grouped, path, gets),
    });
  const soldOut = await grouped.sale.event(1);
  await orders(grouped, soldOut, { callers: 1, milliseconds: 60_000, buyers: grouped.buyers.slice(0, 1), turns: 1 });
  const refused = { callers: 256, milliseconds };
  return {
    'sold-out': await alternate(rounds, {
      before,
      reference: () => echoes(echo, refused),
      subject: () => orders(grouped, soldOut, { ...refused, expected: '409' }),
    }),
    'event-page': await page(`/events/${grouped.endless.eventId}`),
    availability: await page(`/events/${grouped.endless.eventId}/availability`),
  };
}
