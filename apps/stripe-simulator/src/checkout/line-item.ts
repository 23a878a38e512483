import type Stripe from 'stripe';
import { objectId } from '../api/object-id.js';

/** What is bought, as it was said when the session was made. Amounts in Stripe's smallest unit. */
export interface Purchase {
  currency: string;
  unit_amount: number;
  quantity: number;
  name: string;
}

export type PriceObject = Omit<Stripe.Price, 'unit_amount_decimal' | 'currency_options' | 'deleted' | 'tiers'> & {
  unit_amount_decimal: string;
};
export type LineItemObject = Omit<Stripe.LineItem, 'price'> & { price: PriceObject };

/** A line with a price of its own, which Stripe makes for `price_data`. `now` in Unix seconds. */
export function lineItem({ currency, unit_amount, quantity, name }: Purchase, now: number): LineItemObject {
  const total = unit_amount * quantity;
  return {
    id: objectId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency,
    description: name,
    metadata: {},
    price: price(currency, unit_amount, now),
    quantity,
  };
}

const price = (currency: string, unitAmount: number, now: number): PriceObject => ({
  id: objectId('price'),
  object: 'price',
  active: false,
  billing_scheme: 'per_unit',
  created: now,
  currency,
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: objectId('prod'),
  recurring: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: 'one_time',
  unit_amount: unitAmount,
  unit_amount_decimal: String(unitAmount),
});
