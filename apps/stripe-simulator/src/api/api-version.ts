import type Stripe from 'stripe';

/** Version of the API in which every object is written: that of the `stripe` package. */
export const API_VERSION = '2026-10-28.endive' satisfies Stripe.LatestApiVersion;
