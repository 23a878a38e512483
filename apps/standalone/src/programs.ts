import { basename, dirname, join } from 'node:path';

/**
 * Every app's programs: beside the bundled launcher the bundled ones, `dist/programs/<app>/<name>.js`; beside the
 * compiled one, on which coverage is counted, the compiled ones, `dist/apps/<app>/src/<name>.js`.
 */
export class Programs {
  /** Folder of all compiled code. */
  readonly dist: string;
  private readonly bundled: boolean;

  /** @param launcher folder of the launcher's own program */
  constructor(launcher: string) {
    this.bundled = basename(launcher) !== 'src';
    this.dist = this.bundled ? dirname(dirname(launcher)) : dirname(dirname(dirname(launcher)));
  }

  of(app: string, name: 'main' | 'migrate'): string {
    return this.bundled
      ? join(this.dist, 'programs', app, `${name}.js`)
      : join(this.dist, 'apps', app, 'src', `${name}.js`);
  }
}
