const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup that needs no escaping. Only the `html` tag makes it. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/** Everything put into the template is text and escaped, unless it is markup itself. */
export function html(template: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    template.map((literal, index) => literal + (index < parts.length ? render(parts[index]) : '')).join(''),
  );
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.source;
  if (typeof part === 'object') return part.map(({ source }) => source).join('');
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
