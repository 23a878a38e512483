import { between, oneOf, whole } from '../draw.mjs';

/** Of payments at the provider those are disputed, or given back by hand, that are among so many of the newest. */
const NEWEST = 50;

const webhooks = (name, draw) => ({
  kind: `webhooks-${name}`,
  weight: 2,
  holds: 'webhooks',
  seconds: [5, 20],
  draw,
  async begin({ simulator }, settings) {
    await simulator.tell('PUT', '/webhooks', settings);
    return async () => {
      await simulator.tell('PUT', '/webhooks', {});
      if (settings.drop) await simulator.tell('POST', '/webhooks/resend');
    };
  },
});

const calls = (fault, draw = () => ({})) => ({
  kind: `provider-${fault}`,
  weight: 1,
  holds: 'provider',
  seconds: [3, 12],
  draw: (random) => ({ ...draw(random), path: oneOf(random, ['/v1/*', '/v1/checkout/*', '/v1/refunds*']) }),
  async begin({ simulator }, about) {
    const { id } = await simulator.tell('POST', '/faults', { fault, ...about });
    return () => simulator.takeBack(`/faults/${id}`);
  },
});

/** What the payment provider does on a bad day: docs/simulator.md. */
export const PROVIDER_FAULTS = [
  webhooks('repeated', (random) => ({ copies: whole(random, [2, 5]) })),
  webhooks('shuffled', (random) => ({ shuffleSeconds: whole(random, [2, 10]), copies: whole(random, [1, 2]) })),
  webhooks('late', (random) => ({ delaySeconds: whole(random, [3, 25]) })),
  webhooks('dropped', () => ({ drop: true })),
  calls('error', (random) => ({ status: oneOf(random, [429, 500, 502, 503]) })),
  calls('silence', (random) => ({ seconds: whole(random, [2, 12]) })),
  calls('slow', (random) => ({ seconds: whole(random, [1, 4]) })),
  calls('reset'),
  {
    kind: 'provider-away',
    weight: 2,
    holds: 'provider',
    seconds: [3, 20],
    async begin({ simulator }) {
      await simulator.tell('PUT', '/port', { open: false });
      return () => simulator.tell('PUT', '/port', { open: true });
    },
  },
  {
    kind: 'refunds-fail',
    weight: 2,
    holds: 'refunds',
    seconds: [5, 15],
    draw: (random) => ({
      ...oneOf(random, [
        { begins: 'pending', ends: 'failed' },
        { begins: 'succeeded', ends: 'failed' },
        { begins: 'pending', ends: 'succeeded' },
      ]),
      afterSeconds: whole(random, [1, 6]),
      times: whole(random, [1, 3]),
    }),
    async begin({ simulator }, course) {
      await simulator.tell('PUT', '/refunds', course);
      // Reset would undo all the other orders, too: a course that no refund is left for does nothing.
      return () => simulator.tell('PUT', '/refunds', { begins: 'pending', ends: 'succeeded', afterSeconds: 0 });
    },
  },
  {
    kind: 'dispute',
    weight: 2,
    seconds: [3, 15],
    draw: (random) => ({ which: between(random, [0, 1]), outcome: oneOf(random, ['won', 'lost']) }),
    begin: dispute,
  },
  {
    kind: 'refund-by-hand',
    weight: 3,
    draw: (random) => ({ which: between(random, [0, 1]), share: oneOf(random, [1, 0.5, 0.1]) }),
    async begin({ simulator }, { which, share }) {
      const { paymentIntent, net } = await payment(simulator, which);
      await simulator.refundByHand(paymentIntent, Math.ceil(net * share));
    },
  },
];

/** One of the newest that have brought money which nobody disputes. @throws when there is none */
async function payment(simulator, which) {
  const { payments } = await simulator.tell('GET', '/ledger?limit=10000');
  const some = payments.filter(({ net, disputed }) => net > 0 && disputed === 0).slice(-NEWEST);
  if (some.length === 0) throw new Error('nothing was paid yet');
  return some[Math.floor(which * some.length)];
}

async function dispute({ simulator }, { which, outcome }) {
  const { paymentIntent } = await payment(simulator, which);
  const { id } = await simulator.tell('POST', '/disputes', { paymentIntent });
  return () => simulator.tell('POST', `/disputes/${id}/close`, { outcome });
}
