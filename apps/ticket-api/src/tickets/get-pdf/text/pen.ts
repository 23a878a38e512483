import { firstFace, type Face, type Faces } from './faces.js';
import { layOut } from './lay-out.js';
import type { Line } from './line.js';
import { printable } from './printable.js';

export interface TextBox {
  x: number;
  y: number;
  width: number;
  /** What does not fit is cut with an ellipsis. */
  height?: number;
  /** Of the width, filled one after another with as many lines each; 1 unless told otherwise. */
  columns?: number;
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
/** So many layouts are kept: most texts of a document stand on each of its pages. */
const KEPT = 500;

/** Points between columns. */
const GAP = 20;
const columnOf = (width: number, columns: number) => (width - (columns - 1) * GAP) / columns;

/** Sets text on the open page. */
export class Pen {
  private readonly layouts = new Map<string, readonly Line[]>();
  /** Of words and characters at size 1, by face. */
  private readonly widths = new Map<string, Map<string, number>>();
  private readonly registered = new Set<string>();

  constructor(
    readonly page: PDFKit.PDFDocument,
    private readonly faces: Faces,
  ) {}

  /** Returns where the text ends, in points from the page's top. */
  write(text: string, box: TextBox, style: TextStyle): number {
    const { columns = 1, height = Infinity } = box;
    const lineHeight = this.lineHeight(style);
    const room = height === Infinity ? Infinity : columns * Math.max(1, Math.floor(height / lineHeight + 0.01));
    const width = columnOf(box.width, columns);
    const lines = this.lines(text, width, style, room);
    const each = Math.ceil(lines.length / columns);
    const { ascent, unitsPerEm } = firstFace(style.bold ?? false).font;
    const top = box.y + (ascent / unitsPerEm) * style.size;
    for (const [at, line] of lines.entries()) {
      const x = box.x + Math.floor(at / each) * (width + GAP);
      this.draw(line, { x, width }, top + (at % each) * lineHeight, style);
    }
    return box.y + each * lineHeight;
  }

  heightOf(text: string, width: number, style: TextStyle, columns = 1): number {
    const lines = this.lines(text, columnOf(width, columns), style, Infinity);
    return Math.ceil(lines.length / columns) * this.lineHeight(style);
  }

  private lineHeight({ size, bold = false }: TextStyle): number {
    const { ascent, descent, lineGap, unitsPerEm } = firstFace(bold).font;
    return size * ((ascent - descent + lineGap) / unitsPerEm + LEADING);
  }

  private lines(text: string, width: number, style: TextStyle, room: number): readonly Line[] {
    const { size, bold = false, spacing = 0 } = style;
    const key = `${width} ${room} ${size} ${bold} ${spacing} ${text}`;
    const known = this.layouts.get(key);
    if (known) return known;
    const drawn = this.faces.of(text, bold);
    // What no font has is left to the first one, which draws a box.
    const faceOf = (character: string) => drawn(character) ?? firstFace(bold);
    const box = { width, faceOf, measure: (part: string, face: Face) => this.measure(part, face, style) };
    const lines = layOut(
      printable(text, (character) => drawn(character) !== undefined),
      box,
      room,
    );
    if (this.layouts.size >= KEPT) this.layouts.clear();
    this.layouts.set(key, lines);
    return lines;
  }

  private measure(text: string, face: Face, { size, spacing = 0 }: TextStyle): number {
    const known = this.widths.get(face.name) ?? new Map<string, number>();
    this.widths.set(face.name, known);
    let width = known.get(text);
    if (width === undefined) known.set(text, (width = this.use(face, 1).widthOfString(text)));
    return width * size + spacing * text.length;
  }

  private draw(line: Line, { x, width }: Pick<TextBox, 'x' | 'width'>, baseline: number, style: TextStyle): void {
    const { align = 'left', spacing = 0, size, color } = style;
    const widths = line.map(({ text, face }) => this.measure(text, face, style));
    const free = width - widths.reduce((sum, each) => sum + each, -spacing);
    let at = x + (align === 'center' ? free / 2 : align === 'right' ? free : 0);
    for (const [index, { text, face, isRightToLeft }] of line.entries()) {
      // Given features, even none, a run is set as a whole: from the right, if its script runs that way.
      const features = isRightToLeft ? { features: [] } : {};
      const options = { lineBreak: false, baseline: 'alphabetic', characterSpacing: spacing, ...features } as const;
      this.use(face, size).fillColor(color).text(text, at, baseline, options);
      at += widths[index] ?? 0;
    }
  }

  /** pdfkit takes a parsed font as it is; its types know only files and bytes. */
  private use({ name, font }: Face, size: number): PDFKit.PDFDocument {
    if (!this.registered.has(name)) {
      this.page.registerFont(name, font as unknown as Uint8Array);
      this.registered.add(name);
    }
    return this.page.font(name, size);
  }
}
