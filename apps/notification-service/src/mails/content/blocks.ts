import { html, type Html } from './html.js';
import { color, style } from './style.js';

/** A piece of a mail in both of its forms, so that none of them says more than the other. */
export interface Block {
  html: Html;
  text: string;
}

export const paragraph = (text: string): Block => ({
  html: html`<p dir="auto" class="ink" style="${style.paragraph}">${text}</p>`,
  text,
});

/** Said in small letters. */
export const note = (text: string): Block => ({
  html: html`<p dir="auto" class="muted" style="${style.note}">${text}</p>`,
  text,
});

export const greeting = (name: string): Block => paragraph(`Hello ${name},`);

/** To name when somebody asks about the order. */
export const orderNumber = (id: string): Block => note(`Order number: ${id}`);

/** A table cell makes the button, for Outlook knows no padding of links. */
export const button = (label: string, address: string): Block => ({
  html: html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px">
    <tr>
      <td bgcolor="${color.accent}" style="border-radius:8px;background-color:${color.accent}">
        <a href="${address}" style="${style.button}">${label}</a>
      </td>
    </tr>
  </table>`,
  text: `${label}:\n${address}`,
});

/** Something to copy: in the plain text it stands on a line of its own, where programs find it too. */
export const code = (label: string, value: string): Block => ({
  html: html`<p class="muted" style="${style.note}">${label}</p>
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px">
      <tr>
        <td
          class="tint ink"
          bgcolor="${color.tint}"
          style="border-radius:8px;background-color:${color.tint};${style.code}"
        >
          ${value}
        </td>
      </tr>
    </table>`,
  text: `${label}\n\n${value}`,
});

export const link = (label: string, address: string): Block => ({
  html: html`<p class="muted" style="${style.note}">
    <a class="muted" href="${address}" style="color:${color.muted};text-decoration:underline">${label}</a>
  </p>`,
  text: `${label}:\n${address}`,
});

/** Facts that are others now: the old ones struck through, and both named for who does not see that. */
export const changes = (facts: readonly { what: string; before: string; now: string }[]): Block => ({
  html: html`${facts.map(
    ({ what, before, now }) =>
      html`<p class="muted" style="${style.label}">${what}</p>
        <p dir="auto" class="muted" style="${style.before}">Before: <s>${before}</s></p>
        <p dir="auto" class="ink" style="${style.now}">Now: ${now}</p> `,
  )}`,
  text: facts.map(({ what, before, now }) => `${what}\nBefore: ${before}\nNow: ${now}`).join('\n\n'),
});
