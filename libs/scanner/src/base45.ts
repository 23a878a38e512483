const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const DIGITS = new Map([...ALPHABET].map((character, digit) => [character, digit]));

/**
 * RFC 9285, for programs without Node's Buffer. Strict: each text has one meaning and each run of bytes one text.
 * @returns undefined for text that no encoder makes
 */
export function decodeBase45(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 3 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 2) / 3));
  let at = 0;
  for (let index = 0; index < text.length; index += 3) {
    const group = text.slice(index, index + 3);
    const value = valueOf(group);
    if (value === undefined || value > (group.length === 3 ? 0xffff : 0xff)) return undefined;
    if (group.length === 3) bytes[at++] = value >> 8;
    bytes[at++] = value & 0xff;
  }
  return bytes;
}

function valueOf(group: string): number | undefined {
  let value = 0;
  for (let index = group.length - 1; index >= 0; index--) {
    const digit = DIGITS.get(group[index] ?? '');
    if (digit === undefined) return undefined;
    value = value * 45 + digit;
  }
  return value;
}
