/** What the platform shows once, or mails: a search that has none of it to look for proves nothing. */
const SHOWN = ['an API key', 'the secret of a second factor', 'a recovery code', 'a token that was mailed'];

/** Anything shorter is a word that a line may hold by chance. */
const SHORTEST = 8;

/** What no log may hold, and where each comes from. */
export class Secrets {
  values = new Map();

  add(...values) {
    for (const value of values) this.name('said by the platform or a person', value);
  }

  name(what, value) {
    if (typeof value !== 'string' || value.length < SHORTEST) return;
    this.values.set(value, what);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) this.values.set(encoded, what);
  }

  /** Kinds of secrets of which there was none. */
  get missing() {
    const kinds = new Set(this.values.values());
    return SHOWN.filter((kind) => !kinds.has(kind));
  }

  /** @returns { what, place } of each secret in a text, the secret itself masked @param name of the text */
  foundIn(text, name) {
    const found = [];
    for (const [value, what] of this.values) {
      const at = text.indexOf(value);
      if (at < 0) continue;
      const line = text.slice(text.lastIndexOf('\n', at) + 1, at).slice(-300);
      found.push(`${name} holds a secret (${what}): ${line}***`);
    }
    return [...found, ...shapesIn(text, name)];
  }
}

/** What looks like a secret, whoever made it. */
const SHAPES = [
  ['a JSON web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a key of the provider', /\b(?:sk|rk)_(?:live|test)_[\w-]{10,}|\bwhsec_[\w-]{10,}/],
  ['a password in an address', /\b[a-z]+:\/\/[^\s:/@"]+:(?!\*{3}|\[redacted\])[^\s@/"]+@/],
  ['an argon2 hash', /\$argon2id?\$/],
  ['an API key', /\btk_[\w-]{20,}/],
];

function shapesIn(text, name) {
  return SHAPES.flatMap(([what, shape]) => {
    const found = shape.exec(text);
    if (!found) return [];
    const line = text.slice(text.lastIndexOf('\n', found.index) + 1, found.index).slice(-300);
    return [`${name} holds ${what}: ${line}***`];
  });
}
