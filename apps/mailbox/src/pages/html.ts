/** A piece of HTML; text becomes one by being escaped. */
export class Html {
  constructor(readonly source: string) {}
}

type Piece = string | number | Html | readonly Piece[];

/** Escapes every value that is put in, unless it is HTML already. */
export const html = (texts: TemplateStringsArray, ...values: Piece[]): Html =>
  new Html(String.raw({ raw: texts.raw }, ...values.map(sourceOf)));

const sourceOf = (value: Piece): string => {
  if (value instanceof Html) return value.source;
  return typeof value === 'object' ? value.map(sourceOf).join('') : escaped(String(value));
};

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
