import { found, type Provider } from './provider.js';
import { Refusal } from './refusal.js';

export interface ProviderCall {
  method: string;
  /** With its query. */
  path: string;
  /** Form-encoded. */
  body: string;
  idempotencyKey: string | undefined;
}

export interface ProviderAnswer {
  status: number;
  body: unknown;
}

/** The provider's HTTP API, as far as payment-service and the audit use it, with its idempotency keys. */
export class ProviderApi {
  private readonly answered = new Map<string, { asked: string; answer: ProviderAnswer }>();

  constructor(private readonly provider: Provider) {}

  answer(call: ProviderCall): ProviderAnswer {
    const { idempotencyKey: key } = call;
    const asked = `${call.method} ${call.path} ${call.body}`;
    const before = key === undefined ? undefined : this.answered.get(key);
    if (before) return before.asked === asked ? before.answer : REUSED;
    const answer = copied(this.judge(call));
    // A refusal of what was asked is no result that is kept: https://docs.stripe.com/api/idempotent_requests
    if (key !== undefined && answer.status < 300) this.answered.set(key, { asked, answer });
    return answer;
  }

  private judge(call: ProviderCall): ProviderAnswer {
    try {
      return { status: 200, body: this.act(call) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      return { status, body: { error: { type: 'invalid_request_error', code, message } } };
    }
  }

  private act({ method, path, body }: ProviderCall): unknown {
    const { provider } = this;
    const { pathname, searchParams: query } = new URL(path, 'http://provider');
    const [, , kind, ...rest] = pathname.split('/');
    const form = new URLSearchParams(body);
    const route = `${method} ${[kind, ...rest.map((part) => (/_/.test(part) && /\d{8}$/.test(part) ? ':id' : part))].join('/')}`;
    const id = rest.find((part) => /\d{8}$/.test(part)) ?? '';
    switch (route) {
      case 'POST checkout/sessions':
        return provider.createSession(sessionWish(form));
      case 'POST checkout/sessions/:id/expire':
        return provider.expire(id);
      case 'GET checkout/sessions/:id': {
        const session = provider.session(id);
        const expanded = query.getAll('expand[0]').includes('payment_intent') && session.payment_intent;
        return expanded ? { ...session, payment_intent: found(provider.intents, expanded) } : session;
      }
      case 'GET checkout/sessions':
        return list(
          [...provider.sessions.values()].filter((each) => each.payment_intent === query.get('payment_intent')),
        );
      case 'GET payment_intents/:id':
        return found(provider.intents, id);
      case 'POST refunds':
        return provider.givingBack.createRefund({
          payment_intent: form.get('payment_intent') ?? '',
          amount: Number(form.get('amount')),
          metadata: metadataOf(form),
        });
      case 'GET refunds/:id':
        return found(provider.refunds, id);
      case 'GET refunds':
        return list(
          [...provider.refunds.values()].filter((each) => each.payment_intent === query.get('payment_intent')),
        );
      case 'GET disputes/:id':
        return found(provider.disputes, id);
      case 'GET balance_transactions':
        return this.movements(query);
      default:
        throw new Error(`The provider of the simulation knows no ${route}.`);
    }
  }

  /** Newest first. */
  private movements(query: URLSearchParams): unknown {
    const [from, to] = [Number(query.get('created[gte]') ?? 0), Number(query.get('created[lt]') ?? Infinity)];
    const wanted = this.provider.movements
      .filter(({ created, type }) => created >= from && created < to && (query.get('type') ?? type) === type)
      .reverse();
    const after = wanted.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const limit = Number(query.get('limit') ?? 10);
    return list(wanted.slice(after, after + limit), wanted.length > after + limit);
  }
}

const REUSED: ProviderAnswer = {
  status: 400,
  body: { error: { type: 'idempotency_error', message: 'This key was used with other parameters.' } },
};

const list = (data: readonly unknown[], has_more = false) => ({ object: 'list', data, has_more });

/** As it was when it was answered: objects live on. */
const copied = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

function metadataOf(form: URLSearchParams): Record<string, string> {
  const entries = [...form].map(([name, value]) => [/^metadata\[(\w+)\]$/.exec(name)?.[1], value] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[0] !== undefined));
}

function sessionWish(form: URLSearchParams) {
  let amount_total = 0;
  for (let line = 0; form.has(`line_items[${line}][quantity]`); line += 1)
    amount_total +=
      Number(form.get(`line_items[${line}][quantity]`)) *
      Number(form.get(`line_items[${line}][price_data][unit_amount]`));
  return {
    amount_total,
    currency: form.get('line_items[0][price_data][currency]') ?? '',
    expires_at: Number(form.get('expires_at')),
    metadata: metadataOf(form),
  };
}
