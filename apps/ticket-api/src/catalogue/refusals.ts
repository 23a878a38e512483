import { ProblemError } from '@app/problem-details';

export const eventEnded = () =>
  new ProblemError('event-ended', 'The event was cancelled or is over: it changes no more.');

export const currencyMismatch = (currency: string) =>
  new ProblemError('currency-mismatch', `The event sells in another currency than ${currency}.`);

export const capacityBelowCommitted = (capacity: number) =>
  new ProblemError('capacity-below-committed', `More than ${capacity} tickets are sold or held.`);
