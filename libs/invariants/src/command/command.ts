import { parseArgs } from 'node:util';
import { audit, type AuditOptions, type Sources } from '../audit.js';
import { INVARIANTS, type InvariantId } from '../invariant.js';
import { asJson, asText } from './print.js';

const USAGE = `Asks whether the platform keeps its promises (docs/invariants.md). Changes nothing; may run during a sale.

  --at-rest                  waits until all messages have had their effect, then asks what holds only then, too
  --wait <seconds>           for that at most (120)
  --patience <seconds>       in which what two services do not agree on may still arrive (30)
  --only <I1,I5,…>           only these
  --examples <n>             offenders shown of each kind (5)
  --expect-dead-letters <n>  that are meant to be there (0)
  --provider-hours <n>       movements at the provider that are compared (24)
  --json                     for programs

Exit code: 0 all hold, 1 something is broken, 2 something could not be checked.
`;

interface Wish extends AuditOptions {
  json: boolean;
}

/**
 * The command `audit`. @param arguments_ what follows the command's name. @param sources asked for only once the
 * arguments are understood
 * @returns the exit code
 */
export async function runAuditCommand(
  arguments_: readonly string[],
  sources: () => Sources,
  out: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const wish = understand(arguments_);
  if (!wish) {
    out(USAGE);
    return 2;
  }
  const report = await audit(sources(), wish);
  out(wish.json ? asJson(report) : asText(report, wish.atRest));
  return report.exitCode;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

function understand(arguments_: readonly string[]): Wish | undefined {
  try {
    const { values } = parseArgs({
      args: [...arguments_],
      options: {
        ...{ 'at-rest': flag, json: flag, only: text, wait: text, patience: text, examples: text },
        ...{ 'expect-dead-letters': text, 'provider-hours': text },
      },
      strict: true,
    });
    return {
      atRest: values['at-rest'] ?? false,
      json: values.json ?? false,
      waitSeconds: numberIn(values.wait, 120),
      patienceSeconds: numberIn(values.patience, 30),
      examples: Math.max(1, numberIn(values.examples, 5)),
      expectedDeadLetters: numberIn(values['expect-dead-letters'], 0),
      providerHours: numberIn(values['provider-hours'], 24),
      ...(values.only !== undefined && { only: idsIn(values.only) }),
    };
  } catch {
    return undefined;
  }
}

function numberIn(given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (!/^\d{1,6}$/.test(given)) throw new RangeError(given);
  return Number(given);
}

function idsIn(list: string): InvariantId[] {
  return list.split(',').map((id) => {
    if (!Object.hasOwn(INVARIANTS, id)) throw new RangeError(id);
    return id as InvariantId;
  });
}
