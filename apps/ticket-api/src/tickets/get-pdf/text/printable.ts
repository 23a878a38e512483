const pictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
/** What turns the direction of the text around it (Unicode, UAX #9), and other signs without a picture. */
const invisible = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Paragraphs of a text without the pictographs that no font has: an empty box in a title looks like damage. Letters always stay.
 * Empty lines are left out, and spaces are one.
 */
export function printable(text: string, isDrawn: (character: string) => boolean): string[] {
  const isShown = (cluster: string) => !pictograph.test(cluster) || Array.from(cluster).every(isDrawn);
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line) => {
      const visible = line.replace(/\s+/gu, ' ').replace(invisible, '').trim();
      // Most lines have none, and finding clusters costs as much as setting them.
      if (!pictograph.test(visible)) return visible;
      return Array.from(clusters.segment(visible), ({ segment }) => segment)
        .filter(isShown)
        .join('')
        .replace(/\s+/gu, ' ')
        .trim();
    })
    .filter((line) => line !== '');
}
