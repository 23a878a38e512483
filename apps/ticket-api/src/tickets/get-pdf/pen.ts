import { BOLD, printable, REGULAR } from './ticket-fonts.js';

export interface TextBox {
  x: number;
  y: number;
  width: number;
  /** What does not fit is cut with an ellipsis. */
  height?: number;
}

export interface TextStyle {
  size: number;
  color: string;
  bold?: boolean;
  align?: 'left' | 'center' | 'right';
  /** Points between characters. */
  spacing?: number;
}

/** Of the font's size, between lines. */
const LEADING = 0.12;

/** Sets text on the open page. */
export class Pen {
  constructor(readonly page: PDFKit.PDFDocument) {}

  /** Returns where the text ends, in points from the page's top. */
  write(given: string, box: TextBox, style: TextStyle): number {
    const { text, options } = this.prepare(given, box.width, style);
    const needed = this.page.heightOfString(text, options);
    const height = Math.min(needed, box.height ?? needed);
    const cut = needed > height ? { height, ellipsis: true } : {};
    this.page.fillColor(style.color).text(text, box.x, box.y, { ...options, ...cut });
    return box.y + height;
  }

  heightOf(given: string, width: number, style: TextStyle): number {
    const { text, options } = this.prepare(given, width, style);
    return this.page.heightOfString(text, options);
  }

  private prepare(given: string, width: number, { size, bold = false, align = 'left', spacing = 0 }: TextStyle) {
    const text = printable(given);
    this.page.font(bold ? BOLD : REGULAR, size);
    // Given features, even none, a line is set as a whole: from the right, if its script runs that way.
    const features = isRightToLeft(text) ? { features: [] } : {};
    return { text, options: { width, align, characterSpacing: spacing, lineGap: size * LEADING, ...features } };
  }
}

/** Lines that mix directions stay in the order in which they were typed. */
const isRightToLeft = (text: string): boolean =>
  /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(text) &&
  !/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u.test(text);
