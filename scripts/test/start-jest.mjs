import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGroup } from '../../bench/command/process-group.mjs';

/**
 * Starts Jest as a process group of its own; its reporters may `process.send`. What specs leave in the folder for temporary
 * files, they leave in the workspace.
 * @returns as `startGroup`
 */
export const startJest = ({ root, workspace, environment }, config, args, stderr) =>
  startGroup(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      `--config=${join(root, config)}`,
      // Where Jest has it by itself, had we not moved what it takes for the folder of temporary files.
      `--cacheDirectory=${join(tmpdir(), `jest_${process.getuid?.().toString(36) ?? ''}`)}`,
      ...args,
    ],
    { cwd: root, env: { ...environment, TMPDIR: workspace }, stdio: ['ignore', 'ignore', stderr, 'ipc'] },
  );
