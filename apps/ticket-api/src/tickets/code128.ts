import { code128, type DrawingContext } from 'bwip-js/generic';

/** Light modules before and after the bars that ISO/IEC 15417 asks for. */
const QUIET = 10;

export interface Bars {
  /** Modules, with the quiet zones. */
  width: number;
  bars: readonly { at: number; width: number }[];
}

/** A text of letters and digits as a Code 128, for drawing: any hand scanner reads it. */
export function code128Bars(text: string): Bars {
  return code128({ bcid: 'code128', text, scale: 1, height: 1 }, new BarRecorder());
}

/** Takes down the bars that the library would draw. */
class BarRecorder implements DrawingContext<Bars> {
  private width = 0;
  private readonly bars: { at: number; width: number }[] = [];

  scale(): null {
    return null;
  }
  measure(): { width: number; ascent: number; descent: number } {
    return { width: 0, ascent: 0, descent: 0 };
  }
  init(width: number): void {
    this.width = width;
  }
  /** `x` is the middle of the bar, rounded up to a whole module. */
  line(x: number, _y: number, _x: number, _end: number, width: number): void {
    this.bars.push({ at: QUIET + x - Math.ceil(width / 2), width });
  }
  polygon(): void {}
  hexagon(): void {}
  ellipse(): void {}
  fill(): void {}
  text(): void {}
  end(): Bars {
    return { width: this.width + 2 * QUIET, bars: this.bars };
  }
}
