import { ProblemError } from '@app/problem-details';

/** What is wrong with one field of a body, beyond its shape. */
export interface FieldFault {
  /** As in `price.amount`. */
  path: string;
  message: string;
}

/** @throws ProblemError `validation-failed` when there is any fault. */
export function refuseFaults(errors: FieldFault[]): void {
  if (errors.length > 0) throw new ProblemError('validation-failed', undefined, { errors });
}
