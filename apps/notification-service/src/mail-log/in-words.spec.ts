import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inWords } from './in-words.js';

it.each([
  ['Recipient refused: 550 5.1.1 <zoe@example.com> no such user', 'there is no such address'],
  ['EMESSAGE 452 4.2.2', "the recipient's mailbox is full"],
  ['Message failed: 554 5.7.1 Spam: "Your tickets"', "the recipient's side refuses it by its rules"],
  ['ticket-api answered 503 when asked for tickets', 'its files could not be made'],
  ['connect ECONNREFUSED 127.0.0.1:25', 'the mail server cannot be reached'],
  ['550 go away', "the recipient's side refused it"],
  ['451 greylisted', "the recipient's side put it off"],
  ['something new', 'it could not be sent'],
])('an error is told in words: %s', (error, words) => {
  expect(inWords(error)).toBe(words);
});

it('never in the words of a server, which may quote the mail', () => {
  expect(inWords(null)).toBeNull();
  const secret = 'q3V0p1fXz8cWmT2y';
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(inWords(before + secret + after)).not.toContain(secret);
    }),
  );
});
