type Role = 'H1' | 'H2' | 'P' | 'Figure';

/** Says of everything on a page what it is, in the order in which it is read (ISO 14289-1, PDF/UA). */
export class TaggedPage {
  private readonly section: PDFKit.PDFStructureElement;

  constructor(
    private readonly document: PDFKit.PDFDocument,
    parent: PDFKit.PDFStructureElement,
    title: string,
  ) {
    this.section = document.struct('Sect', { title });
    parent.add(this.section);
  }

  /** What is drawn meanwhile is read aloud here. */
  as(role: Role, draw: () => void): void {
    this.section.add(this.document.struct(role, {}, [draw]));
  }

  /** A picture, told in words. @param box left, top, right and bottom in points */
  figure(alt: string, box: [number, number, number, number], draw: () => void): void {
    // Its types lack the box, which says what to magnify.
    const options: object = { alt, bbox: box };
    this.section.add(this.document.struct('Figure', options, [draw]));
  }

  /** What only decorates: nobody reads it aloud. */
  decoration(draw: () => void): void {
    this.document.markContent('Artifact', { type: 'Layout' });
    draw();
    this.document.endMarkedContent();
  }

  end(): void {
    this.section.end();
  }
}
