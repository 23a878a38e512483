import { html, Html } from './html.js';

const STYLE = new Html(`
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff }
  h1 { font-size: 1.25rem } table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
  td.time { white-space: nowrap; color: #555 } pre { white-space: pre-wrap; overflow-wrap: anywhere } iframe { width: 100%; height: 40rem; border: 1px solid #ccc }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dd { margin: 0 } form { margin: 1rem 0 }
  @media (prefers-color-scheme: dark) { body { background: #16161a; color: #eee } td.time { color: #aaa } a { color: #8ab4ff } iframe { background: #fff } }
`);

/** Nothing runs and nothing is fetched from elsewhere; only a mail's own page may be framed. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export const page = (title: string, content: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        ${content}
      </body>
    </html> `.source;
