/** Why a mail did not leave. `refused`: the recipient's side will not have it, now or later (SMTP 5yz). */
export type FailureReason = 'refused' | 'deferred' | 'unreachable';

export interface FailedAttempt {
  reason: FailureReason;
  /** Attempts so far, with this one. */
  attempts: number;
  /** Refusals before this attempt. */
  refusals: number;
  /** Since the mail was recorded. */
  ageSeconds: number;
}

export type NextStep =
  { status: 'queued'; refusals: number; delaySeconds: number } | { status: 'failed'; refusals: number };

/** RFC 5321, 4.5.4.1: the give-up time generally needs to be at least 4–5 days. */
const GIVE_UP_SECONDS = 5 * 24 * 3600;
const LONGEST_DELAY_SECONDS = 300;

/** A refusal is often somebody's wrong setting, so there is time to mend it before the mail is given up. */
const REFUSAL_DELAYS_SECONDS = [60, 600, 3600, 4 * 3600];

/** Whether a mail is tried again, and in how many seconds. */
export function afterFailure({ reason, attempts, refusals, ageSeconds }: FailedAttempt): NextStep {
  if (reason === 'refused') {
    const delaySeconds = REFUSAL_DELAYS_SECONDS[refusals];
    if (delaySeconds === undefined) return { status: 'failed', refusals: refusals + 1 };
    return { status: 'queued', refusals: refusals + 1, delaySeconds };
  }
  if (ageSeconds > GIVE_UP_SECONDS) return { status: 'failed', refusals };
  return { status: 'queued', refusals, delaySeconds: Math.min(2 ** (attempts - 1), LONGEST_DELAY_SECONDS) };
}
