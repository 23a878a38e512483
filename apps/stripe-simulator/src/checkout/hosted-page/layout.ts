import { createHash } from 'node:crypto';
import { html, Markup } from './html.js';

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 36rem; padding: 1rem; }
  .notice { background: #fff3c4; color: #4a3800; margin: 0; padding: .5rem 1rem; }
  .alert { border: 2px solid #b3261e; padding: .5rem 1rem; }
  table { border-collapse: collapse; width: 100%; }
  caption { font-weight: bold; text-align: start; }
  th, td { border-bottom: 1px solid #8888; padding: .5rem; text-align: start; }
  td:last-child, th:last-child { text-align: end; }
  .actions { display: grid; gap: .5rem; }
  button { font: inherit; min-height: 2.75rem; width: 100%; }
  button.pay { background: #0b5394; border: 0; color: #fff; font-weight: bold; }
`;

/** Whole, because the policy below names the hash of all that stands between the tags. */
const STYLE_ELEMENT = new Markup(`<style>${STYLE}</style>`);

/** Nothing runs on the page and nothing is loaded by it; nobody may frame it. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const layout = (title: string, main: Markup): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <p class="notice">
          <strong>Test mode.</strong> This is a simulator of Stripe: no card is asked for and no money moves.
        </p>
        <main>${main}</main>
      </body>
    </html> `;
