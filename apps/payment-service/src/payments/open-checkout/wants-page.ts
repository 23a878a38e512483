/**
 * Whether an `Accept` header names HTML, as browsers do for what they show. A client that takes anything (a wildcard) gets
 * JSON, and so does one that names JSON too.
 */
export function wantsPage(accept: string | undefined): boolean {
  const named = (accept ?? '')
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)))
    .map(([type]) => type ?? '');
  return named.includes('text/html') && !named.some((type) => /^application\/(problem\+)?json$/.test(type));
}
