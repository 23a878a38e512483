import type { MailContent } from '../content/compose.js';
import type { Links } from '../content/links.js';

export interface TemplateContext {
  links: Links;
  /** Whether a file with the tickets goes with the mail. */
  ticketsAttached: boolean;
  /** Whether a file with the event goes with it. */
  calendarAttached: boolean;
}

/** Facts (single lines, unescaped) → the mail in both forms. Pure. */
export type Template<Facts> = (facts: Facts, context: TemplateContext) => MailContent;
