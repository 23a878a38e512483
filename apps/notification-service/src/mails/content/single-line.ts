/** Line breaks and other controls, line and paragraph separators, marks that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
const breaking = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

const oneLine = (text: string) => text.replace(breaking, ' ').trim();

/**
 * Makes every string within `facts` a single line, so that no name can add a header, forge a paragraph of the plain text
 * or turn around the text that follows it.
 */
export function singleLine<Facts>(facts: Facts): Facts {
  if (typeof facts === 'string') return oneLine(facts) as Facts;
  if (Array.isArray(facts)) return facts.map((fact) => singleLine(fact as unknown)) as Facts;
  if (typeof facts !== 'object' || facts === null) return facts;
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, singleLine(fact as unknown)])) as Facts;
}

/**
 * Keeps a mail program from making a link of a stranger's text, by zero-width spaces behind what addresses are made of: a
 * mail that anybody can have sent to anybody must not carry addresses of that person's choice.
 */
export const withoutLinks = (text: string) => text.replace(/[.:/@](?=\S)/g, '$&\u200b');
