/** Seconds from a failed attempt to the next: quickly at first, for a receiver that is just being started. */
const FIRST_DELAYS = [0.2, 1, 2, 5, 10, 30];
const LATER_DELAY = 60;

/** Stripe keeps trying for three days in live mode: https://docs.stripe.com/webhooks#retries */
export const GIVE_UP_AFTER_SECONDS = 3 * 24 * 3600;

/** Seconds to wait after the `attempts`th failed attempt (the first is 1). */
export const delayAfter = (attempts: number): number => FIRST_DELAYS[attempts - 1] ?? LATER_DELAY;
