import { create, toBuffer, toString, type QRCodeSegment } from 'qrcode';

/** The code's alphabet is the one that QR codes store in 5.5 bits a character; level M survives 15 % of damage. */
const segments = (code: string): QRCodeSegment[] => [{ data: code, mode: 'alphanumeric' }];
const LEVEL = 'M';
/** Light modules around it that ISO/IEC 18004 asks for. */
export const QUIET_ZONE = 4;
/** Pixels of a module in a PNG: sharp on a phone at arm's length. */
const SCALE = 8;

export const qrSvg = (code: string): Promise<string> =>
  toString(segments(code), { type: 'svg', errorCorrectionLevel: LEVEL, margin: QUIET_ZONE });

export const qrPng = (code: string): Promise<Buffer> =>
  toBuffer(segments(code), { type: 'png', errorCorrectionLevel: LEVEL, margin: QUIET_ZONE, scale: SCALE });

export interface DarkRun {
  row: number;
  column: number;
  length: number;
}

/** The code's dark modules, each row's neighbours joined, for drawing; without the quiet zone. */
export function qrRuns(code: string): { size: number; runs: DarkRun[] } {
  const { modules } = create(segments(code), { errorCorrectionLevel: LEVEL });
  const { size } = modules;
  const runs: DarkRun[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!modules.get(row, column)) continue;
      const first = column;
      while (column + 1 < size && modules.get(row, column + 1)) column++;
      runs.push({ row, column: first, length: column - first + 1 });
    }
  }
  return { size, runs };
}
