import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';

describe('html', () => {
  it('escapes values for element content and for quoted attributes', () => {
    expect(html`<a title="${'"><script>'}">${`Tom & 'Jerry'`}</a>`.source).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">Tom &amp; &#39;Jerry&#39;</a>',
    );
  });

  it('puts in what is HTML already, alone or in a list, as it is', () => {
    const items = ['<1>', '2'].map((item) => html`<i>${item}</i>`);
    expect(html`<p>${items}${html`<b>3</b>`}</p>`.source).toBe('<p><i>&lt;1&gt;</i><i>2</i><b>3</b></p>');
  });

  it('keeps every script as it is', () => {
    expect(html`<p>${'Żółć 東京 🎟️ مرحبا'}</p>`.source).toBe('<p>Żółć 東京 🎟️ مرحبا</p>');
  });
});
