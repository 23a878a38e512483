import { describe, expect, it } from '@jest/globals';
import { wantsPage } from './wants-page.js';

describe('a page is for', () => {
  it.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'],
    ['whoever takes HTML only', 'Text/HTML; charset=utf-8'],
  ])('%s', (_, accept) => expect(wantsPage(accept)).toBe(true));

  it.each([
    ['whoever says nothing', undefined],
    ['whoever takes anything', '*/*'],
    ['a client of the API', 'application/json, text/plain, */*'],
    ['whoever can also read JSON', 'text/html, application/problem+json'],
    ['whoever refuses HTML', 'text/html;q=0, */*'],
    ['who names something alike', 'text/htmlx'],
  ])('not for %s', (_, accept) => expect(wantsPage(accept)).toBe(false));
});
