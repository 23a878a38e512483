import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Per cent of lines that the unit and integration specs must run. */
const FLOOR = 85;

/**
 * What specs run of the sources, which they import as they are. The whole-stack specs run bundled programs, as a user
 * gets them; counting tools take whole bundles for run, so those are not counted.
 */
export function reportCoverage(root, workspace) {
  const summary = JSON.parse(readFileSync(join(workspace, 'coverage/coverage-summary.json'), 'utf8'));
  const { total, ...files } = summary;
  const missing = ({ lines }) => lines.total - lines.covered;
  const least = Object.entries(files).sort(([, a], [, b]) => missing(b) - missing(a));
  for (const [file, counts] of least.slice(0, 8))
    console.log(
      `${String(missing(counts)).padStart(5)} lines not run (${counts.lines.pct} %): ${relative(root, file)}`,
    );
  console.log(`Coverage: ${total.lines.pct.toFixed(1)} % of ${total.lines.total} lines; the floor is ${FLOOR} %.`);
  return total.lines.pct >= FLOOR;
}
