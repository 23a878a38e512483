import { readArguments, runCommand, UsageError, type Output } from '@app/configuration';
import { openDeadLetters, type BrokerEnvironment } from './open-dead-letters.js';
import type { Choice, DeadLetters } from './dead-letters.js';
import { asTable, inFull } from './print.js';

const USAGE = `Usage: npm run dead-letters -- list | show <id> | replay <id> | replay --all

Dead letters: messages that no further try would have helped, or that ran out of tries.

  list                     what died, when and why
  show <id>                one of them in full
  replay <id> | --all      gives it back to its service, with all its tries before it

  --service <name>         only those of one service
  --json                   for programs (npm run -s dead-letters -- …: nothing but JSON)

Exit code: 0 done, also when there was none to list or to give back; 1 no such letter, or the broker could not be asked;
64 not understood; 78 the environment does not fit.
`;

/**
 * The command `dead-letters`. @param args what follows the command's name. @param environment asked for only once the
 * arguments are understood.
 * @returns the exit code: 0 done, 1 no such letter, EX_USAGE not understood. @throws when the broker cannot be reached.
 */
export function runDeadLetterCommand(
  args: readonly string[],
  environment: () => BrokerEnvironment,
  output?: Partial<Output>,
): Promise<number> {
  const work = async (out: Output['out']) => {
    const wish = understand(args);
    const letters = await openDeadLetters(environment());
    try {
      return await carryOut(wish, letters, out);
    } finally {
      await letters.close();
    }
  };
  return runCommand({ args, usage: USAGE }, work, output);
}

interface Wish {
  verb: Verb;
  choice: Choice;
  /** A single one was named. */
  one: boolean;
  json: boolean;
}

const VERBS = ['list', 'show', 'replay'] as const;
type Verb = (typeof VERBS)[number];

/** @throws UsageError */
function understand(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, {
    service: { type: 'string' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [given, id, ...more] = positionals;
  const verb = VERBS.find((one) => one === given);
  if (!verb)
    throw new UsageError(given === undefined ? 'What is to be done?' : `“${given}” is nothing that can be done.`);
  if (more.length > 0) throw new UsageError(`Unexpected argument '${more[0]}'.`);
  if (values.all && verb !== 'replay') throw new UsageError('--all belongs to replay.');
  if (verb === 'list' && id !== undefined) throw new UsageError('list takes no id; show does.');
  if (verb === 'show' && id === undefined) throw new UsageError('show takes the id of a dead letter.');
  if (verb === 'replay' && (id === undefined) !== (values.all ?? false))
    throw new UsageError('replay takes the id of a dead letter, or --all.');
  return {
    verb,
    choice: (letter) =>
      (id === undefined || letter.id === id) && (!values.service || letter.service === values.service),
    one: id !== undefined,
    json: values.json ?? false,
  };
}

async function carryOut(
  { verb, choice, one, json }: Wish,
  letters: DeadLetters,
  out: (text: string) => void,
): Promise<number> {
  const found = verb === 'replay' ? await letters.replay(choice) : await letters.list(choice);
  if (json) out(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0) out(one ? 'There is no such dead letter.\n' : 'No dead letters.\n');
  else if (verb === 'show') out(found.map(inFull).join('\n'));
  else out(asTable(found) + (verb === 'replay' ? `${found.length} given back.\n` : ''));
  return found.length === 0 && one ? 1 : 0;
}
