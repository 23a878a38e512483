declare module 'base45' {
  /** RFC 9285. */
  export function encode(bytes: Uint8Array): string;
  /** Never fails: what is no base45 gives arbitrary bytes. */
  export function decode(text: string): Buffer;
}
