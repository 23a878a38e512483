import type { z } from 'zod';
import { bracketed, invalidRequest, type StripeError } from './stripe-error.js';

type Issue = z.core.$ZodIssue;

/** The error that Stripe gives for the first thing that is wrong with a request's parameters; unknown ones come first. */
export function parameterError({ issues }: z.ZodError): StripeError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (!issue) return invalidRequest('Invalid request.');
  const param = issue.path.length > 0 ? bracketed(issue.path) : '';
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknown(issue.keys.map((key) => bracketed([...issue.path, key])));
    case 'invalid_type':
      if (issue.input === undefined)
        return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
      return invalidRequest(`Invalid ${TYPES[issue.expected] ?? issue.expected}`, { param });
    case 'too_small':
      return issue.input === '' ? empty(param) : invalidRequest(`Invalid ${param}: too few values.`, { param });
    case 'too_big':
      return invalidRequest(
        `Invalid string: ${String(issue.input).slice(0, 20)}…; must be at most ${issue.maximum} characters`,
        { param },
      );
    case 'invalid_value':
      return invalidRequest(`Invalid ${param}: must be one of ${issue.values.join(', ')}`, { param });
    default:
      return invalidRequest(issue.message, { code: stripeCode(issue), param });
  }
}

const TYPES: Record<string, string> = { object: 'object', record: 'object', array: 'array' };

const stripeCode = (issue: Issue): string | undefined =>
  issue.code === 'custom' ? (issue.params?.['stripeCode'] as string | undefined) : undefined;

function unknown(names: string[]): StripeError {
  const message = `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
  return invalidRequest(message, { code: 'parameter_unknown', param: names[0] });
}

const empty = (param: string) =>
  invalidRequest(
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param },
  );
