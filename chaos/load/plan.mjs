import { randomOf, untilNext } from '../../bench/load/random.mjs';
import { oneOf, whole } from '../draw.mjs';

/** Its numbers are not those of the faults. */
const SALT = 0x5eed;
/** The share of the run after which an event is cancelled: one each. */
const CANCELLATIONS = [0.45, 0.7];

/**
 * Which buyer does what when: the same for the same seed, length, rate and stories. Arrivals are independent, as a
 * crowd's: nobody waits for anybody.
 * @param stories as many entries of each name as it has weight
 */
export function planClients(seed, { seconds, rate, holdSeconds, buyers, events, stories }) {
  const random = randomOf(seed ^ SALT);
  const clients = [];
  for (let at = untilNext(random, rate); at < seconds; at += untilNext(random, rate)) {
    clients.push({
      n: clients.length,
      at,
      story: oneOf(random, stories),
      buyer: whole(random, [0, buyers - 1]),
      event: whole(random, [0, events - 1]),
      quantity: whole(random, [1, 4]),
      /** Seconds that this buyer thinks before paying: some pay late. */
      hesitates: random() < 0.25 ? random() * holdSeconds * 1.5 : random() * 2,
    });
  }
  const first = whole(random, [0, events - 1]);
  const cancellations = CANCELLATIONS.map((share, n) => ({ at: share * seconds, event: (first + n) % events }));
  return { clients, cancellations };
}

export const ticketsWished = ({ clients }) => clients.reduce((sum, { quantity }) => sum + quantity, 0);
