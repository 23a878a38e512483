import { relative, resolve } from 'node:path';

/** Before a command for the shell: the DATA_DIR that it must be given as we were, with a space; empty for the usual one. */
export function dataDirSetting(dataDirectory: string): string {
  if (dataDirectory === resolve('.data')) return '';
  const inside = relative(process.cwd(), dataDirectory);
  const path = inside.startsWith('..') || inside === '' ? dataDirectory : inside;
  return `DATA_DIR=${/^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`} `;
}
