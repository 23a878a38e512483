const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => String(text).replaceAll(/[&<>"]/g, (character) => ENTITIES[character]);

/** @param content further elements, as text that is markup already */
export function element(name, attributes, ...content) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`);
  return `<${name}${written.join('')}${content.length > 0 ? `>${content.join('')}</${name}>` : '/>'}`;
}

export const text = (words, attributes) => element('text', attributes, escaped(words));

/** Pixels that a line of text takes, about: nobody measures fonts here. */
export const widthOf = (words, size) => words.length * size * 0.56;

const rounded = (value) => Math.round(value * 100) / 100;
