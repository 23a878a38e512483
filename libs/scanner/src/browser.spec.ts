import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const bundle = (contents: string) =>
  build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    ...{ bundle: true, platform: 'browser', format: 'esm', write: false, metafile: true, logLevel: 'silent' },
  });

describe('the scanner as a library', () => {
  it('runs in a web page: it takes nothing of Node and no other package', async () => {
    const { metafile, outputFiles } = await bundle(`export * from './index.ts';`);
    expect(Object.keys(metafile.inputs).filter((path) => !/^(libs\/scanner\/src\/|<stdin>)/.test(path))).toEqual([]);
    expect(outputFiles[0]!.text).not.toMatch(/\b(Buffer|process|require)\b/);
    expect(outputFiles[0]!.contents.length).toBeLessThan(40_000);
  });

  it('would be found out if it did not', async () => {
    await expect(bundle(`import { readFile } from 'node:fs/promises'; console.log(readFile);`)).rejects.toThrow(
      'node:fs',
    );
  });
});
