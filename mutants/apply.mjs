/**
 * The text of a file without the guard. `guard` has `file`, `from` (the guard as it stands there) and `to`.
 * @throws when the guard is not there, or there more than once: then nobody knows any more what is removed.
 */
export function withoutGuard(text, { file, from, to }) {
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`${file} has ${found} times what it should have once: ${from}`);
  return text.replace(from, () => to);
}
