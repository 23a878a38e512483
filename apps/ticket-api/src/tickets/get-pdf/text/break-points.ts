import LineBreaker from 'linebreak';

/** Pieces of one paragraph between which a line may end, each with the space that follows it. */
export function breakable(paragraph: string): string[] {
  const pieces: string[] = [];
  const breaker = new LineBreaker(paragraph);
  let from = 0;
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    if (next.position > from) pieces.push(paragraph.slice(from, next.position));
    from = next.position;
  }
  return thai.test(paragraph) ? pieces.flatMap(thaiWords) : pieces;
}

const thai = /\p{Script=Thai}/u;
const words = new Intl.Segmenter('th', { granularity: 'word' });
/** Thai has no spaces between words: they are found by a dictionary, that of ICU. */
const thaiWords = (piece: string) =>
  thai.test(piece) ? Array.from(words.segment(piece), ({ segment }) => segment) : piece;

const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Characters as people count them. */
export const charactersOf = (text: string): string[] => Array.from(clusters.segment(text), ({ segment }) => segment);
