import { ProblemError } from '@app/problem-details';
import type { z } from 'zod';

export interface FieldError {
  /** Where in the body or query, as in `items.0.quantity`; empty for the whole. */
  path: string;
  message: string;
}

/** A body of 64 KiB can be wrong in thousands of places; nobody reads them all. */
const MOST = 50;

export const validationFailed = (issues: readonly z.core.$ZodIssue[]) =>
  new ProblemError('validation-failed', undefined, { errors: fieldErrors(issues).slice(0, MOST) });

function fieldErrors(issues: readonly z.core.$ZodIssue[], parent: readonly PropertyKey[] = []): FieldError[] {
  return issues.slice(0, MOST).flatMap((issue): FieldError[] => {
    const path = [...parent, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, MOST).map((key) => ({ path: [...path, key].join('.'), message: 'is not known here' }));
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return fieldErrors(nearest(issue.errors), path);
    return [{ path: path.map(String).join('.'), message: issue.message }];
  });
}

/** The alternative that was missed by least is likely the one that was meant; one of another kind altogether hardly. */
const nearest = (alternatives: readonly (readonly z.core.$ZodIssue[])[]) =>
  alternatives.reduce((best, other) => (missed(other) < missed(best) ? other : best));

const missed = (issues: readonly z.core.$ZodIssue[]) =>
  issues.length + (issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0) ? MOST : 0);
