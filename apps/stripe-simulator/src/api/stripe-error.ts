import type Stripe from 'stripe';

type RawError = Partial<Pick<Stripe.StripeRawError, 'code' | 'param' | 'message' | 'doc_url'>> & {
  type: 'api_error' | 'idempotency_error' | 'invalid_request_error';
};

/** An answer that is an error, as Stripe shapes it: https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly raw: RawError,
  ) {
    super(raw.message);
  }

  toBody(): { error: RawError } {
    const { code } = this.raw;
    const link = code && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
    return { error: { ...this.raw, ...link } };
  }
}

/** 400: the request cannot be carried out as it is. */
export const invalidRequest = (message: string, { code, param }: { code?: string; param?: string } = {}): StripeError =>
  new StripeError(400, { type: 'invalid_request_error', message, ...(code && { code }), ...(param && { param }) });

/** 404: no object of that kind has this id. */
export const noSuch = (kind: string, id: string, param = 'id'): StripeError =>
  new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });

/** Stripe writes nested parameters with brackets: `line_items[0][quantity]`. */
export const bracketed = ([first, ...rest]: PropertyKey[]): string =>
  [String(first), ...rest.map((part) => `[${String(part)}]`)].join('');
