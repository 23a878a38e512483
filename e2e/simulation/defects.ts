import { Ledger } from '../../apps/payment-service/src/ledger/ledger.js';
import { StripeGateway } from '../../apps/payment-service/src/stripe/stripe.module.js';
import { OrderStore } from '../../apps/ticket-api/src/orders/order.store.js';
import type { Type } from '@nestjs/common';
import type { World } from './platform/world.js';

/** A guard that is missing. @returns how it is put back */
export type Defect = (world: World) => () => void;

/** In the place of a method; `real` is the one that was there. */
function replace<Part extends object>(
  part: Part,
  method: keyof Part & string,
  by: (real: (...given: never[]) => unknown) => (...given: never[]) => unknown,
): () => void {
  const real = (part[method] as (...given: never[]) => unknown).bind(part);
  Object.assign(part, { [method]: by(real) });
  return () => delete part[method];
}

const partOf = <Part extends object>(world: World, service: keyof World['services'], part: Type<Part>): Part =>
  world.services[service].get(part);

function rewrite({ connections }: World, from: RegExp, to: string): () => void {
  connections.rewrite = (sql) => sql.replace(from, to);
  return () => (connections.rewrite = (sql) => sql);
}

export const DEFECTS: readonly (readonly [string, Defect])[] = [
  [
    'an order that ended is taken for one that is pending when money comes',
    (world) =>
      replace(partOf(world, 'ticket-api', OrderStore), 'lockAll', (real) => async (...given) => {
        const orders = (await real(...given)) as { status: string }[];
        return orders.map((order) => ({ ...order, status: order.status === 'expired' ? 'pending' : order.status }));
      }),
  ],
  [
    'stock of a hold that ended does not come back',
    (world) => rewrite(world, /set taken = taken \+ moved\.units/, 'set taken = taken + greatest(moved.units, 0)'),
  ],
  [
    'a message is acknowledged though its handler failed',
    (world) =>
      replace(world.bus, 'deliver', (real) => async (...given) => {
        const outcomes = (await real(...given)) as object[];
        return outcomes.map(() => ({ kind: 'done' }));
      }),
  ],
  [
    'the broker confirms messages that it does not have',
    (world) => {
      let messages = 0;
      return replace(world.bus, 'keep', (real) => (message) => {
        messages += 1;
        if (messages % 3 > 0) real(message);
      });
    },
  ],
  [
    'a session that was paid while it was being closed is taken for expired',
    (world) =>
      replace(partOf(world, 'payment-service', StripeGateway), 'findSession', (real) => async (...given) => ({
        ...((await real(...given)) as object),
        fact: { fact: 'expired' },
      })),
  ],
  [
    'money that came is not booked',
    (world) => replace(partOf(world, 'payment-service', Ledger), 'paid', () => async () => {}),
  ],
];
