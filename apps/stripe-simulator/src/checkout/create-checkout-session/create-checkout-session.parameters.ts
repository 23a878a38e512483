import { z } from 'zod';
import { email, Expand, hash, integer, list, Metadata, text, url } from '../../api/parameters.js';
import { SUPPORTED } from '../../money/currencies.js';

const Currency = text(3)
  .transform((currency) => currency.toLowerCase())
  .refine((currency) => SUPPORTED.has(currency), {
    error: ({ input }) =>
      `Invalid currency: ${String(input)}. Stripe currently supports these currencies: ${[...SUPPORTED].join(', ')}`,
  });

const LineItem = hash({
  quantity: integer(1),
  price_data: hash({
    currency: Currency,
    unit_amount: integer(0),
    tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
    product_data: hash({
      name: text(250),
      description: text(40_000).optional(),
      images: list(text(2_048)).optional(),
      metadata: Metadata.optional(),
    }),
  }),
});

const Message = hash({ message: text(1_200) });

/** https://docs.stripe.com/api/checkout/sessions/create, as far as the platform uses it. */
export const CreateCheckoutSession = hash({
  mode: z.enum(['payment']),
  allowed_payment_method_types: list(text(50)).optional(),
  line_items: list(LineItem).refine(
    (lines) => lines.length > 0 && lines.length <= 100,
    'Invalid line_items: 1 to 100.',
  ),
  success_url: url,
  cancel_url: url.optional(),
  client_reference_id: text(200).optional(),
  currency: Currency.optional(),
  custom_text: hash({ submit: Message.optional(), after_submit: Message.optional() }).optional(),
  customer_email: email.optional(),
  expires_at: integer(0).optional(),
  locale: text(10).optional(),
  metadata: Metadata.default({}),
  payment_intent_data: hash({
    description: text(1_000).optional(),
    receipt_email: email.optional(),
    metadata: Metadata.default({}),
  }).optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
  ui_mode: z.enum(['hosted_page']).optional(),
  expand: Expand,
});
export type CreateCheckoutSession = z.infer<typeof CreateCheckoutSession>;
