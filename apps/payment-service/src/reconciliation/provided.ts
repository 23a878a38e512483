import type { Money } from '@app/contracts';
import type { Movement } from '../stripe/stripe.module.js';
import type { Provided } from './difference.js';

/** By which both sides know it: payment intent, refund, dispute, else the id of the charge or the movement. */
export function subjectOf(movement: Movement): string {
  if (movement.about === 'refund') return movement.refund.id;
  if (movement.about === 'dispute') return movement.dispute.id;
  return movement.about === 'payment' ? (movement.paymentIntent ?? movement.id) : movement.id;
}

export function provided(movement: Movement): Provided {
  if (movement.about === 'refund') {
    const { amount, status } = movement.refund;
    return { about: 'refund', amount, status };
  }
  if (movement.about !== 'dispute') return movement;
  const { amount, withdrawn, reinstated } = movement.dispute;
  return { about: 'dispute', amount, isGone: withdrawn && !reinstated };
}

export function amountOf(movement: Movement): Money | null {
  const sides = provided(movement);
  return sides.about === 'movement' ? null : sides.amount;
}
