import { Visit } from './visit.mjs';

/** What buyers do, and how often, in parts of the sum. Each begins with an order that was told. */
const STORIES = {
  keeps: { weight: 20, live: async (visit) => void (await visit.pays()) },
  'double-clicks': { weight: 5, twice: true, live: async (visit) => void (await visit.pays()) },
  leaves: { weight: 8, live: () => undefined },
  'leaves the page': { weight: 6, live: async (visit) => void (await visit.opens()) },
  cancels: { weight: 8, live: (visit) => visit.cancels() },
  'cancels while paying': { weight: 6, live: (visit) => Promise.all([visit.pays(), visit.cancels()]) },
  'is refused a card': { weight: 5, live: (visit) => visit.pays('decline', 'pay') },
  'fails to pay': { weight: 6, live: (visit) => visit.pays('fail') },
  'gives all back': { weight: 10, live: async (visit) => (await visit.pays()) && (await visit.refunds()) },
  'gives one back': { weight: 8, live: async (visit) => (await visit.pays()) && (await visit.refunds({ one: true })) },
  'is given it back': {
    weight: 5,
    live: async (visit) => (await visit.pays()) && (await visit.refunds({ by: visit.event.organizer })),
  },
  enters: { weight: 12, live: async (visit) => (await visit.pays()) && (await visit.entersTwice()) },
  'wants the mail again': { weight: 4, live: async (visit) => (await visit.pays()) && (await visit.wantsMailAgain()) },
  'pays at the desk': { weight: 4, live: (visit) => visit.paysAtDesk() },
  'has it looked after': { weight: 3, live: (visit) => Promise.all([visit.pays(), visit.isLookedAfter()]) },
};

/** For the plan: each name as often as it has weight. */
export const STORY_NAMES = Object.entries(STORIES).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);

/** One client's visit, from the order to the end of its story. */
export async function live(client, { caller, record, cast, holdSeconds }) {
  const { live, twice } = STORIES[client.story];
  const visit = new Visit(client, {
    caller,
    record,
    holdSeconds,
    event: cast.events[client.event],
    buyer: cast.buyers[client.buyer],
  });
  const order = twice ? (await Promise.all([visit.orders(), visit.orders()]))[0] : await visit.orders();
  if (order) await live(visit);
}
