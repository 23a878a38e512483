import type { AuditOptions } from '../audit.js';
import { AT_REST, type Finding } from '../invariant.js';
import type { Judgement, Report } from '../report.js';

const LABELS = { holds: 'holds', broken: 'BROKEN', 'not-checked': 'NOT CHECKED' } as const;

/** For people. */
export function asText(report: Report, { atRest, only }: Pick<AuditOptions, 'atRest' | 'only'>): string {
  const lines = report.judgements.flatMap(linesOf);
  if (!atRest && !only) lines.push('', `Asked at rest only (--at-rest): ${AT_REST.join(', ')}.`);
  return `${[...lines, '', VERDICTS[report.exitCode]].join('\n')}\n`;
}

/** For programs. */
export const asJson = (report: Report) =>
  `${JSON.stringify({ exitCode: report.exitCode, invariants: report.judgements }, null, 2)}\n`;

const VERDICTS = {
  0: 'Everything that was asked holds.',
  1: 'Something is broken: see above, and docs/invariants.md.',
  2: 'Nothing is known to be broken, but not everything could be checked.',
} as const;

const linesOf = ({ invariant, rule, state, findings, notChecked }: Judgement): string[] => [
  `${LABELS[state].padEnd(11)}  ${invariant.padEnd(3)}  ${rule}`,
  ...findings.flatMap(storyOf),
  ...notChecked.map((why) => `${state === 'broken' ? '    also not checked' : '    why'}: ${why}`),
];

const storyOf = ({ found, atLeast, broken, examples, remedy }: Finding): string[] => [
  `    ${broken}: ${atLeast ? 'at least ' : ''}${found}`,
  ...examples.map((example) => `      ${typeof example === 'string' ? example : JSON.stringify(example)}`),
  ...(examples.length < found && examples.length > 1 ? ['      …'] : []),
  `    What to do: ${remedy}`,
];
