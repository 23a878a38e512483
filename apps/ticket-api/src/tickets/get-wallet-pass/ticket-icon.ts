import { PNG } from 'pngjs';

const DEEP = [35, 18, 79] as const;
const BRIGHT = [109, 53, 216] as const;
/** Samples of a pixel in each direction: edges are smooth. */
const SAMPLES = 4;

/** A white ticket on the platform's colours, as a square PNG. @param size pixels of a side */
export function ticketIcon(size: number): Buffer {
  const image = new PNG({ width: size, height: size });
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const white = coverage(column, row, size);
      const along = (row + column) / (2 * size);
      const at = (row * size + column) * 4;
      DEEP.forEach((deep, channel) => {
        const ground = deep + ((BRIGHT[channel] ?? 0) - deep) * along;
        image.data[at + channel] = Math.round(ground + (255 - ground) * white);
      });
      image.data[at + 3] = 255;
    }
  return PNG.sync.write(image);
}

/** How much of a pixel the ticket covers, from 0 to 1. */
function coverage(column: number, row: number, size: number): number {
  let inside = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size;
    const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size;
    if (isTicket(x, y)) inside += 1;
  }
  return inside / (SAMPLES * SAMPLES);
}

/** In a square of side 1: a strip, bitten at both ends, with a perforated line. */
function isTicket(x: number, y: number): boolean {
  const isStrip = x > 0.16 && x < 0.84 && y > 0.3 && y < 0.7;
  const isBite = Math.hypot(x - 0.16, y - 0.5) < 0.085 || Math.hypot(x - 0.84, y - 0.5) < 0.085;
  const isHole = Math.abs(x - 0.62) < 0.018 && Math.abs(((y - 0.3) % 0.1) - 0.05) < 0.03;
  return isStrip && !isBite && !isHole;
}
