/** Points (1/72 inch) on A4, 595 × 842, from the top left. */
export const CARD = { x: 42, y: 40, width: 511, radius: 14 };
export const BAND = 116;
export const PADDING = 28;
export const BODY = CARD.y + BAND + 22;
/** With its quiet zone. */
export const CODE = { size: 212, x: CARD.x + CARD.width - 212 - 18, y: BODY - 12 };
export const FACTS = { x: CARD.x + PADDING, width: CODE.x - CARD.x - PADDING - 14 };
/** Below it most printers draw nothing. */
export const SHEET_END = 842 - 36;

export const COLORS = {
  ink: '#1c1b29',
  soft: '#63627a',
  faint: '#d9d8e3',
  pale: '#ddd2ff',
  white: '#ffffff',
  deep: '#23124f',
  bright: '#6d35d8',
} as const;
