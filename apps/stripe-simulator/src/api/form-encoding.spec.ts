import { describe, expect, it } from '@jest/globals';
import { parseForm } from './form-encoding.js';
import { StripeError } from './stripe-error.js';

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text)));

describe("Stripe's form encoding", () => {
  it('nests by brackets', () => {
    expect(plain('mode=payment&line_items[0][price_data][currency]=eur&line_items[0][quantity]=2')).toEqual({
      mode: 'payment',
      line_items: { 0: { price_data: { currency: 'eur' }, quantity: '2' } },
    });
  });

  it('appends to a list with empty brackets', () => {
    expect(plain('expand[]=a&expand[]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } });
  });

  it('decodes escapes, plus signs and escaped brackets', () => {
    expect(plain('metadata%5Bnote%5D=1+%2B+1%20%3D%202&url=a=b')).toEqual({
      metadata: { note: '1 + 1 = 2' },
      url: 'a=b',
    });
  });

  it('reads an empty body as no parameters', () => {
    expect(plain('')).toEqual({});
  });

  it('takes names that objects inherit as ordinary names', () => {
    const parameters = parseForm('metadata[constructor]=x&metadata[__proto__]=y');
    expect(Object.keys(parameters['metadata'] as object)).toEqual(['constructor', '__proto__']);
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });

  it.each(['a[=1', 'a]=1', '[a]=1', 'a=%zz', 'a=%00', 'a=1&a[b]=2', 'a[b]=1&a=2', `a${'[b]'.repeat(9)}=1`])(
    'refuses %s',
    (text) => {
      expect(() => parseForm(text)).toThrow(StripeError);
    },
  );
});
