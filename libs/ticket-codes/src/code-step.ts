/** Rotating codes: time is cut into steps, and a code is of one of them (docs/ticket-codes.md). Pure: the time is an argument. */

export const CODE_STEP_SECONDS = 30;
const STEP = CODE_STEP_SECONDS * 1000;
/** Steps before and after the present one whose codes are taken: the phone's page may be late, its clock may be off. */
export const CODE_TOLERANCE_STEPS = 1;

/** The step that `now` lies in, counted from 1970-01-01T00:00:00Z. */
export const stepAt = (now: Date): number => Math.floor(now.getTime() / STEP);

/** When a step begins: from then on its code is the one to show. */
export const startOf = (step: number): Date => new Date(step * STEP);

/** When the code of a step stops being taken. */
export const expiryOf = (step: number): Date => startOf(step + CODE_TOLERANCE_STEPS + 1);

/** Whether a code of this step (null: one that does not change with time) is taken at `now`. */
export const isOfThisMoment = (step: number | null, now: Date): boolean =>
  step === null || Math.abs(stepAt(now) - step) <= CODE_TOLERANCE_STEPS;
