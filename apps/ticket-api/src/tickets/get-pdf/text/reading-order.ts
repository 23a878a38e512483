import createBidi from 'bidi-js';
import type { Line, Run } from './line.js';

/** Its types say that the function is `default` of what is imported, as bundlers and Node do for CommonJS. */
const bidi = (createBidi as unknown as typeof createBidi.default)();
const fromTheRight = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

type Level = Run & { level: number };

/**
 * The runs of a line in the order in which they are seen, from the left (Unicode, UAX #9).
 * @param byFace cuts a text of one direction into parts of one font each
 */
export function asSeen(line: string, byFace: (text: string) => Omit<Run, 'isRightToLeft'>[]): Line {
  if (!fromTheRight.test(line)) return byFace(line).map((part) => ({ ...part, isRightToLeft: false }));
  const { levels } = bidi.getEmbeddingLevels(line);
  const runs: Level[] = [];
  for (let from = 0, to = 0; from < line.length; from = to) {
    const level = levels[from] ?? 0;
    while (to < line.length && levels[to] === level) to += 1;
    const text = line.slice(from, to);
    for (const part of byFace(level % 2 === 1 ? mirrored(text) : text)) runs.push(turned({ ...part, level }));
  }
  return reordered(runs);
}

/** The font library turns letters that run from the right by itself, and signs alone it leaves as they are. */
function turned({ text, face, level }: Omit<Level, 'isRightToLeft'>): Level {
  if (level % 2 === 0 || fromTheRight.test(text)) return { text, face, level, isRightToLeft: level % 2 === 1 };
  return { text: Array.from(text).reverse().join(''), face, level, isRightToLeft: false };
}

/** From the highest level down, what is at least at a level is turned around (UAX #9, L2). */
function reordered(runs: readonly Level[]): Run[] {
  let order = [...runs];
  for (let level = Math.max(...runs.map((run) => run.level)); level > 0; level--) {
    const next: Level[] = [];
    for (let from = 0, to = 0; from < order.length; from = to) {
      const isTurned = (order[from]?.level ?? 0) >= level;
      while (to < order.length && (order[to]?.level ?? 0) >= level === isTurned) to += 1;
      const stretch = order.slice(from, to);
      next.push(...(isTurned ? stretch.reverse() : stretch));
    }
    order = next;
  }
  return order.map(({ text, face, isRightToLeft }) => ({ text, face, isRightToLeft }));
}

/** A bracket that opens towards the left is drawn as the other one. */
const mirrored = (text: string): string =>
  Array.from(text, (character) => bidi.getMirroredCharacter(character) ?? character).join('');
