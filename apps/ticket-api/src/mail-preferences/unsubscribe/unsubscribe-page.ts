import { createHash } from 'node:crypto';

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1.5rem}button{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:8px;background:#4f3ff0;color:#fff;cursor:pointer}h1{font-size:1.4rem}`;

/** The one form may be sent to where it came from; nothing else may be loaded, run or framed. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // The address has the token in it.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>
${body}
</body></html>`;

const STAYS = 'Mails that you need are not touched: your tickets, a refund, a change of the event.';

/** The form is sent to the page's own address, which has the token. */
export const askPage = (organization: string): string =>
  page(
    'No more reminders?',
    `<p>We remind you by mail the day before an event of <strong>${escape(organization)}</strong>. ${STAYS}</p>
<form method="post"><button>Send me no more reminders</button></form>`,
  );

export const donePage = (organization: string): string =>
  page(
    'You get no more reminders',
    `<p>We remind you of events of <strong>${escape(organization)}</strong> no more. ${STAYS}</p>
<p>You may take them again in your account's mail preferences.</p>`,
  );
