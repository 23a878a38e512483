declare module 'subset-font' {
  /** The font with the characters of the text alone, each variable axis at one value. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'truetype'; variationAxes: Record<string, number> },
  ): Promise<Buffer>;
}
