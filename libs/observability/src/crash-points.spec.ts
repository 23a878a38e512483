import { afterEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { crashPoint, crashPointsAreWatched } from './crash-points.js';

const CHANNEL = 'ticketing:crash-point';

describe('a crash point', () => {
  const heard: unknown[] = [];
  const listen = (message: unknown) => void heard.push(message);
  afterEach(() => void unsubscribe(CHANNEL, listen));

  it('tells whoever listens what passes, before the work goes on', () => {
    subscribe(CHANNEL, listen);
    expect(crashPointsAreWatched()).toBe(true);
    crashPoint('relay/after-claim', () => [{ what: 'order.reserved.v1', id: '1' }]);
    expect(heard).toEqual([{ point: 'relay/after-claim', passing: [{ what: 'order.reserved.v1', id: '1' }] }]);
  });

  it('does not even gather what passes when nobody listens', () => {
    expect(crashPointsAreWatched()).toBe(false);
    crashPoint('relay/after-claim', () => {
      throw new Error('gathered in vain');
    });
  });
});
