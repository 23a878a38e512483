import { dirname, join } from 'node:path';

/** Every app's programs, which lie beside the launcher's: `dist/programs/<app>/<name>.js`. */
export class Programs {
  /** Folder of all compiled code. */
  readonly dist: string;

  /** @param launcher folder of the launcher's own program */
  constructor(private readonly launcher: string) {
    this.dist = dirname(dirname(launcher));
  }

  of(app: string, name: 'main' | 'migrate'): string {
    return join(dirname(this.launcher), app, `${name}.js`);
  }
}
