import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { ExpectedError } from './expected-error.mjs';

/** What every app may be started by; each becomes one file, `dist/programs/<app>/<entry>`. */
const ENTRIES = ['main.js', 'migrate.js', 'audit.js', 'reconcile.js', 'dead-letters.js', 'database-url.js'];

/** Packages that find files beside themselves, and so must stay where npm put them. */
const WITH_FILES = ['@node-rs/argon2', 'fontkit', 'pdfkit', 'dejavu-fonts-ttf', 'subset-font', 'swagger-ui-dist'];

/** CommonJS packages ask for these; a module of ECMAScript has none of its own. */
const COMMONJS = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Puts each program and the packages that it uses into one file: reading two thousand small ones took most of a
 * service's start (docs/decisions/0010-bundled-programs.md).
 */
export async function bundle(root) {
  const { build, stop } = await import('esbuild');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: programsOf(root),
      outdir: join(root, 'dist/programs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      minifyWhitespace: true,
      minifySyntax: true,
      sourcemap: true,
      sourcesContent: false,
      legalComments: 'none',
      banner: { js: COMMONJS },
      plugins: [packagesWithFiles, missingPackages, ownRequire],
      logLevel: 'error',
    });
  } catch {
    throw new ExpectedError('The compiled sources cannot be bundled; esbuild says above why.');
  } finally {
    // Its process would stay beside us, and in a terminal beside the platform, for as long as we live.
    await stop();
  }
}

/** Names of the programs without their ending → compiled entries. */
function programsOf(root) {
  const apps = readdirSync(join(root, 'dist/apps'));
  const paths = apps.flatMap((app) =>
    ENTRIES.map((file) => [`${app}/${parse(file).name}`, join(root, 'dist/apps', app, 'src', file)]),
  );
  return Object.fromEntries(paths.filter(([, entry]) => existsSync(entry)));
}

/** As CommonJS they are read when their importer runs; an `import` of the bundle's own would be read at its start. */
const packagesWithFiles = {
  name: 'packages-with-files',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${WITH_FILES.join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'with-files' ? { path, external: true } : { path, namespace: 'with-files' },
    );
    build.onLoad({ filter: /./, namespace: 'with-files' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

/** Nest and TypeORM try packages that only some users install: what is not there now is looked for when it is asked for. */
const missingPackages = {
  name: 'missing-packages',
  setup(build) {
    const asked = Symbol('asked');
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === asked) return undefined;
      const { errors } = await build.resolve(path, { ...rest, pluginData: asked });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/**
 * @nestjs/typeorm asks for TypeORM by a `require` that it makes itself, and would get a second TypeORM from node_modules:
 * https://github.com/nestjs/typeorm, lib/common/typeorm-compat.ts. The usual `require` finds the one in the bundle.
 */
const ownRequire = {
  name: 'own-require',
  setup(build) {
    build.onLoad({ filter: /@nestjs[\\/]typeorm[\\/]dist[\\/]common[\\/]typeorm-compat\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^const require = createRequire\(import\.meta\.url\);$/m, ''),
    }));
  },
};
