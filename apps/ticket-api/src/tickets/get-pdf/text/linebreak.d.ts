declare module 'linebreak' {
  /** Unicode line breaking, UAX #14. */
  export default class LineBreaker {
    constructor(text: string);
    /** `position`: before which character (UTF-16) a line may or must end. */
    nextBreak(): { position: number; required: boolean } | null;
  }
}
