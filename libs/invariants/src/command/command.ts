import { readArguments, runCommand, UsageError, wholeNumber, type Output } from '@app/configuration';
import { audit, type AuditOptions, type Sources } from '../audit.js';
import { AT_REST, INVARIANTS, type InvariantId } from '../invariant.js';
import { asJson, asText } from './print.js';

const USAGE = `Usage: npm run audit -- [--at-rest] [--only <I1,I5,…>] [--json]

Asks whether the platform keeps its promises (docs/invariants.md). Changes nothing; may run during a sale.

  --at-rest                  waits until all messages have had their effect, then asks what holds only then, too
  --wait <seconds>           for that at most (120)
  --patience <seconds>       in which what two services do not agree on may still arrive (30)
  --only <I1,I5,…>           only these
  --examples <n>             offenders shown of each kind (5)
  --expect-dead-letters <n>  that are meant to be there (0)
  --provider-hours <n>       movements at the provider that are compared (24)
  --json                     for programs (npm run -s audit -- --json: nothing but JSON)

Exit code: 0 all hold, 1 something is broken, 2 something could not be checked.
`;

interface Wish extends AuditOptions {
  json: boolean;
}

/**
 * The command `audit`. @param args what follows the command's name. @param sources asked for only once the arguments
 * are understood
 * @returns the exit code
 */
export function runAuditCommand(
  args: readonly string[],
  sources: () => Sources,
  output?: Partial<Output>,
): Promise<number> {
  const work = async (out: Output['out']) => {
    const wish = understand(args);
    const report = await audit(sources(), wish);
    out(wish.json ? asJson(report) : asText(report, wish));
    return report.exitCode;
  };
  return runCommand({ args, usage: USAGE }, work, output);
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** @throws UsageError */
function understand(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, {
    'at-rest': flag,
    json: flag,
    only: text,
    wait: { ...text, default: '120' },
    patience: { ...text, default: '30' },
    examples: { ...text, default: '5' },
    'expect-dead-letters': { ...text, default: '0' },
    'provider-hours': { ...text, default: '24' },
  });
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'.`);
  const atRest = values['at-rest'];
  return {
    atRest,
    json: values.json,
    waitSeconds: wholeNumber('wait', values.wait),
    patienceSeconds: wholeNumber('patience', values.patience),
    examples: wholeNumber('examples', values.examples, 1),
    expectedDeadLetters: wholeNumber('expect-dead-letters', values['expect-dead-letters']),
    providerHours: wholeNumber('provider-hours', values['provider-hours'], 1),
    ...(values.only !== undefined && { only: idsIn(values.only, atRest) }),
  };
}

function idsIn(list: string, atRest: boolean): InvariantId[] {
  return list.split(',').map((given) => {
    const id = given.trim() as InvariantId;
    if (!Object.hasOwn(INVARIANTS, id))
      throw new UsageError(`There is no invariant “${id}”; there are ${Object.keys(INVARIANTS).join(', ')}.`);
    if (!atRest && AT_REST.includes(id)) throw new UsageError(`${id} is asked at rest only: add --at-rest.`);
    return id;
  });
}
