import type { EventFacts } from '@app/contracts';
import type { Block } from './blocks.js';
import { html } from './html.js';
import { color, style } from './style.js';
import { showEventTime } from './time.js';

/** What, when (on the event's own clock) and where. */
export function eventCard(event: EventFacts): Block {
  const { name, address, city } = event.venue;
  const place = [name, address, city].filter(Boolean).join(', ');
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
          bgcolor="${color.tint}"
          style="padding:18px 20px;background-color:${color.tint};border-left:4px solid ${color.accent};border-radius:8px"
        >
          <p dir="auto" style="${style.eventTitle}">${event.title}</p>
          <p style="${style.eventFact}">${time}</p>
          <p dir="auto" style="${style.eventFact}">${place}</p>
        </td>
      </tr>
    </table>`,
    text: `${event.title}\n${time}\n${place}`,
  };
}
