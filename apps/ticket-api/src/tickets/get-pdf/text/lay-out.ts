import { breakable, charactersOf } from './break-points.js';
import type { Face } from './faces.js';
import type { Line } from './line.js';
import { asSeen } from './reading-order.js';

export interface LineBox {
  /** Points. */
  width: number;
  faceOf: (character: string) => Face;
  /** Points. */
  measure: (text: string, face: Face) => number;
}

/**
 * Lines of paragraphs that are no wider than the box, at most so many, the last one with an ellipsis for what was cut off. What is
 * longer than a line is broken between any two characters.
 */
export function layOut(paragraphs: readonly string[], box: LineBox, most = Infinity): Line[] {
  const lines = paragraphs.flatMap((paragraph) => fill(paragraph, box));
  if (lines.length > most) lines.splice(most - 1, lines.length, withEllipsis(lines[most - 1] ?? '', box));
  return lines.map((line) => asSeen(line, (part) => byFace(part, box)));
}

function withEllipsis(line: string, box: LineBox): string {
  const characters = charactersOf(line);
  const shortened = () => `${characters.join('').trimEnd()}…`;
  while (characters.length > 0 && widthOf(shortened(), box) > box.width) characters.pop();
  return shortened();
}

function fill(paragraph: string, box: LineBox): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const end = () => {
    if (line.trim() !== '') lines.push(line.trim());
    line = '';
    width = 0;
  };
  const add = (piece: string) => {
    if (line !== '' && width + widthOf(piece.trimEnd(), box) > box.width) end();
    line += piece;
    width += widthOf(piece, box);
  };
  for (const piece of breakable(paragraph)) {
    if (widthOf(piece.trimEnd(), box) > box.width) charactersOf(piece).forEach(add);
    else add(piece);
  }
  end();
  return lines;
}

function widthOf(text: string, box: LineBox): number {
  return byFace(text, box).reduce((width, part) => width + box.measure(part.text, part.face), 0);
}

const combining = /\p{Mn}|\p{Join_Control}/u;

/** Parts of one face each. What combines with the character before it is drawn by the same. */
function byFace(text: string, { faceOf }: LineBox): { text: string; face: Face }[] {
  const parts: { text: string; face: Face }[] = [];
  let part: { text: string; face: Face } | undefined;
  for (const character of text) {
    const face = part && combining.test(character) ? part.face : faceOf(character);
    if (part?.face.name === face.name) part.text += character;
    else parts.push((part = { text: character, face }));
  }
  return parts;
}
