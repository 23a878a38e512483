import type { Face } from './faces.js';

/** Text of one font and one direction, as it is read. */
export interface Run {
  text: string;
  face: Face;
  isRightToLeft: boolean;
}

/** Runs of a line from left to right, as they are drawn. */
export type Line = readonly Run[];
