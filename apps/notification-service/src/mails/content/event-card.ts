import type { EventFacts } from '@app/contracts';
import type { Block } from './blocks.js';
import { html, type Html } from './html.js';
import { color, style } from './style.js';
import { showEventTime } from './time.js';

/** `Große Halle, Am Ufer 12, Berlin` */
export const placeOf = ({ venue: { name, address, city } }: Pick<EventFacts, 'venue'>): string =>
  [name, address, city].filter(Boolean).join(', ');

/** On a narrow screen a line ends between day and clock, not within one of them. */
const inPieces = (time: string): Html[] =>
  time.split(/(?<=,) | (?=– \p{L})/u).map((piece) => html`<span style="white-space:nowrap">${piece}</span> `);

/** What, when (on the event's own clock) and where. */
export function eventCard(event: EventFacts): Block {
  const place = placeOf(event);
  const time = showEventTime(event);
  return {
    html: html`<table
      role="presentation"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border="0"
      style="margin:8px 0 24px"
    >
      <tr>
        <td
          class="tint"
          bgcolor="${color.tint}"
          style="padding:18px 20px;background-color:${color.tint};border-left:4px solid ${color.accent};border-radius:8px"
        >
          <p dir="auto" class="ink" style="${style.eventTitle}">${event.title}</p>
          <p class="muted" style="${style.eventFact}">${inPieces(time)}</p>
          <p dir="auto" class="muted" style="${style.eventFact}">${place}</p>
        </td>
      </tr>
    </table>`,
    text: `${event.title}\n${time}\n${place}`,
  };
}
