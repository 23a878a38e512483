import type { CreateTicketType, Money, UpdateTicketType } from '@app/contracts';
import { chargeStep, LARGEST_CHARGE, smallestCharge } from './charge-limits.js';
import type { FieldFault } from './field-fault.js';

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** A price is free or can be charged; a buyer is never shown one that the payment would refuse. */
export function faultsOfPrice({ amount, currency }: Money): FieldFault[] {
  const fault = (message: string) => [{ path: 'price.amount', message }];
  if (!currencies.has(currency)) return [{ path: 'price.currency', message: 'is no currency of ISO 4217' }];
  if (amount === 0) return [];
  if (amount < smallestCharge(currency))
    return fault(`is 0 or at least ${smallestCharge(currency)}: no card is charged less in ${currency}`);
  if (amount > LARGEST_CHARGE) return fault(`is at most ${LARGEST_CHARGE}`);
  if (amount % chargeStep(currency) !== 0) return fault(`is a multiple of ${chargeStep(currency)} in ${currency}`);
  return [];
}

/** What an organizer decides about a ticket type, apart from its capacity, which belongs to the counter. */
export interface TicketTypeFields {
  name: string;
  price: Money;
  maxPerOrder: number;
  maxPerBuyer: number | null;
  salesStartAt: Date | null;
  salesEndAt: Date | null;
}

type Period = Pick<TicketTypeFields, 'salesStartAt' | 'salesEndAt'>;

export function faultsOfSalesPeriod({ salesStartAt, salesEndAt }: Period): FieldFault[] {
  const inOrder = !salesStartAt || !salesEndAt || salesStartAt < salesEndAt;
  return inOrder ? [] : [{ path: 'salesEndAt', message: 'is after salesStartAt' }];
}

/**
 * An event has one currency. It may still change with the only ticket type of a draft, of which nothing was ever sold.
 * `others` are the currencies of the event's other ticket types.
 */
export function mayUseCurrency(
  currency: string,
  event: { isDraft: boolean },
  current: string | null,
  others: string[],
) {
  if (others.some((other) => other !== currency)) return false;
  return current === null || current === currency || event.isDraft;
}

const instant = (given: string | null) => (given === null ? null : new Date(given));

/** Fields that a change leaves out stay; `null` lifts a limit. */
export function changeTicketType(type: TicketTypeFields, given: UpdateTicketType): TicketTypeFields {
  return {
    name: given.name ?? type.name,
    price: given.price ?? type.price,
    maxPerOrder: given.maxPerOrder ?? type.maxPerOrder,
    maxPerBuyer: given.maxPerBuyer === undefined ? type.maxPerBuyer : given.maxPerBuyer,
    salesStartAt: given.salesStartAt === undefined ? type.salesStartAt : instant(given.salesStartAt),
    salesEndAt: given.salesEndAt === undefined ? type.salesEndAt : instant(given.salesEndAt),
  };
}

export function newTicketType({ name, price, maxPerOrder, ...given }: CreateTicketType): TicketTypeFields {
  const { maxPerBuyer = null, salesStartAt = null, salesEndAt = null } = given;
  return {
    name,
    price,
    maxPerOrder,
    maxPerBuyer,
    salesStartAt: instant(salesStartAt),
    salesEndAt: instant(salesEndAt),
  };
}
