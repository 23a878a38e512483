import { expect, it } from '@jest/globals';
import { openSync, type Font } from 'fontkit';
import { createRequire } from 'node:module';
import { wordPrice } from '../../wording.js';

it.each(['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'])(
  '%s has every sign that a price of any currency is written with',
  (file) => {
    const font = openSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)) as Font;
    const prices = Intl.supportedValuesOf('currency').map((currency) => wordPrice({ amount: 123_456_789, currency }));
    const signs = [...new Set(prices.join(''))];
    expect(signs).toEqual(expect.arrayContaining(['€', '₹', '₩', '₪', '₫', '₱']));
    expect(signs.filter((sign) => !font.hasGlyphForCodePoint(sign.codePointAt(0)!))).toEqual([]);
  },
);
