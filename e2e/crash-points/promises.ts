import { eventually } from '../support/client.js';
import { available } from '../support/sale.js';
import type { MailCatcher } from '../../apps/notification-service/src/testing/mail-catcher.js';
import type { Simulator } from './simulator.js';
import type { Outcome } from './scenes.js';
import type { Story } from './story.js';
import { CAPACITY } from './theatre.js';

/** Of an account that was opened. */
const WELCOME = 1;

/** What clients were told and is not so, in words. */
export async function brokenPromises({ outcomes, theatre }: Story): Promise<string[]> {
  const { selling, simulator, stage } = theatre;
  const broken = (await Promise.all(outcomes.map((outcome) => judge(outcome, simulator)))).flat();
  const left = await available(selling.organizer.client, selling);
  const held = outcomes.reduce((sum, { tickets }) => sum + tickets, 0);
  if (left !== CAPACITY - held) broken.push(`${left} of ${CAPACITY} tickets are left, and ${held} were sold`);
  return [...broken, ...(await wrongMails(outcomes, stage.mails))];
}

async function judge({ shopper, held, ...wanted }: Outcome, simulator: Simulator): Promise<string[]> {
  const order = await shopper.client.read(`/orders/${held.id}`);
  const again = await shopper.client.ask(201, 'POST', '/orders', held.wish, held.key);
  const sums = await simulator.sumsOf(held.id);
  const counting = order.tickets.filter(({ status }: { status: string }) => status === 'valid');
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const facts: [what: string, is: unknown, shouldBe: unknown][] = [
    ['total', order.total.amount, held.total.amount],
    ['status', order.status, wanted.status],
    ['tickets', counting.length, wanted.tickets],
    ['refunded', order.refunded.amount, wanted.refunded],
    ['refund pending', order.refundPending.amount, 0],
    ['order of the same Idempotency-Key', again.body.id, held.id],
    ['payments at the provider', sums.length, wanted.paid > 0 ? 1 : 0],
    ['paid at the provider', sum(sums.map(({ paid }) => paid)), wanted.paid],
    ['refunded at the provider', sum(sums.map(({ refunded }) => refunded)), wanted.refunded],
  ];
  return facts
    .filter(([, is, shouldBe]) => is !== shouldBe)
    .map(([what, is, shouldBe]) => `order ${held.id}: ${what} is ${is} and should be ${shouldBe}`);
}

/** A mail may come twice, but then bears the same Message-ID. */
async function wrongMails(outcomes: readonly Outcome[], mails: MailCatcher): Promise<string[]> {
  const wanted = new Map<string, number>();
  for (const { shopper, mails: count } of outcomes)
    if (count !== null) wanted.set(shopper.email, (wanted.get(shopper.email) ?? WELCOME) + count);
  const wrong = () =>
    [...wanted].flatMap(([email, count]) => {
      const came = new Set(
        mails.mails.filter(({ recipients }) => recipients.includes(email)).map(({ parsed }) => parsed.messageId),
      ).size;
      return came === count ? [] : [`${email} has ${came} different mails and should have ${count}`];
    });
  await eventually(
    'every mail',
    async () => wrong(),
    (list) => list.length === 0,
    30_000,
  ).catch(() => undefined);
  return wrong();
}
