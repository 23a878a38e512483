import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import coverage from 'istanbul-lib-coverage';

/** Per cent of lines that unit, integration and whole-stack specs together must run. */
const FLOOR = 85;

/**
 * Specs run the sources; the whole-stack specs run the compiled services in processes of their own. Both are lines of
 * the same sources, so their counts are added. Bootstraps and migrations are run by the whole-stack specs and count too.
 */
export async function reportCoverage(root, workspace) {
  const map = coverage.createCoverageMap();
  const specs = join(workspace, 'coverage-specs/coverage-final.json');
  if (existsSync(specs)) map.merge(JSON.parse(readFileSync(specs, 'utf8')));
  map.merge(coverageOfProcesses(root, workspace));
  const files = map
    .files()
    .filter((file) => /^(apps|libs)\/.*\.ts$/.test(relative(root, file)) && !/\.spec\.ts$|libs\/testing\//.test(file));
  const lines = { total: 0, covered: 0 };
  const least = [];
  for (const file of files) {
    const summary = map.fileCoverageFor(file).toSummary().lines;
    lines.total += summary.total;
    lines.covered += summary.covered;
    least.push([summary.covered - summary.total, relative(root, file), summary.pct]);
  }
  least.sort(([a], [b]) => a - b);
  for (const [missing, file, percent] of least.slice(0, 8))
    console.log(`${String(-missing).padStart(5)} lines not run (${percent} %): ${file}`);
  const percent = (100 * lines.covered) / lines.total;
  console.log(`Coverage: ${percent.toFixed(1)} % of ${lines.total} lines; the floor is ${FLOOR} %.`);
  return percent >= FLOOR;
}

function coverageOfProcesses(root, workspace) {
  const directory = join(workspace, 'coverage-processes');
  const args = [
    'report',
    `--temp-directory=${join(workspace, 'v8')}`,
    `--reports-dir=${directory}`,
    '--reporter=json',
    '--exclude-after-remap',
    '--include=apps/**',
    '--include=libs/**',
  ];
  spawnSync(process.execPath, [join(root, 'node_modules/c8/bin/c8.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return JSON.parse(readFileSync(join(directory, 'coverage-final.json'), 'utf8'));
}
