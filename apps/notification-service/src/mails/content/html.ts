/** Text that is HTML already. Only `html` makes it, so everything else is escaped where it is put in. */
export class Html {
  constructor(readonly source: string) {}
}

type Value = string | number | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

function sourceOf(value: Value): string {
  if (value instanceof Html) return value.source;
  if (typeof value === 'object') return value.map(({ source }) => source).join('');
  return escape(String(value));
}

/** Template tag: values are escaped, for element content and quoted attributes alike, unless they are `Html`. */
export const html = (literals: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(literals.reduce((source, literal, index) => source + sourceOf(values[index - 1]!) + literal));
