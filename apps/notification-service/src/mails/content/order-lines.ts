import { wordMoney, type Money } from '@app/contracts';
import type { Block } from './blocks.js';
import { html } from './html.js';
import { style } from './style.js';

interface Line {
  name: string;
  quantity: number;
  unitPrice: Money;
}

/** What was ordered and what it costs; `total` as the order says it. */
export function orderLines(lines: readonly Line[], total: Money): Block {
  const shown = lines.map(({ name, quantity, unitPrice }) => ({
    what: `${quantity} × ${name}`,
    price: wordMoney({ ...unitPrice, amount: unitPrice.amount * quantity }),
  }));
  const sum = wordMoney(total);
  return {
    html: html`<table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border="0"
      style="margin:0 0 24px;border-collapse:collapse"
    >
      ${shown.map(
        ({ what, price }) =>
          html`<tr>
            <td dir="auto" class="ink line" style="${style.cell}">${what}</td>
            <td align="right" class="ink line" style="${style.cell};white-space:nowrap">${price}</td>
          </tr> `,
      )}
      <tr>
        <td class="ink" style="${style.total}">Total</td>
        <td align="right" class="ink" style="${style.total};white-space:nowrap">${sum}</td>
      </tr>
    </table>`,
    text: [...shown.map(({ what, price }) => `${what}: ${price}`), `Total: ${sum}`].join('\n'),
  };
}
