import { Controller, Get, Header } from '@nestjs/common';
import { WithoutKey } from '../api/without-key.js';
import { html } from '../checkout/hosted-page/html.js';
import { CONTENT_SECURITY_POLICY, layout } from '../checkout/hosted-page/layout.js';

/** For whoever opens the simulator's address in a browser: what it is, and where to go. */
@WithoutKey()
@Controller()
export class FrontPageController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  show(): string {
    return PAGE.source;
  }
}

const PAGE = layout(
  'Stripe simulator',
  html`<h1>Stripe simulator</h1>
    <p>Stands in for Stripe while the platform runs on one machine. Two things are here:</p>
    <ul>
      <li>the payment page of each order, where its <code>checkoutUrl</code> leads;</li>
      <li>
        the part of <a href="https://docs.stripe.com/api">Stripe's API</a> that the platform uses, below
        <code>/v1</code>, for holders of the secret key: checkout sessions, payment intents, refunds, disputes, balance
        transactions, events.
      </li>
    </ul>
    <p><a href="/health">Health</a></p>`,
);
