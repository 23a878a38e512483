import { parseArgs } from 'node:util';
import { openDeadLetters, type BrokerEnvironment } from './open-dead-letters.js';
import type { Choice, DeadLetters } from './dead-letters.js';
import { asTable, inFull } from './print.js';

const USAGE = `Dead letters: messages that no further try would have helped, or that ran out of tries.

  list                     what died, when and why
  show <id>                one of them in full
  replay <id> | --all      gives it back to its service, with all its tries before it

  --service <name>         only those of one service
  --json                   for programs
`;

/**
 * The command `dead-letters`. @param arguments_ what follows the command's name. @param environment asked for only once
 * the arguments are understood.
 * @returns the exit code: 0 done, 1 no such letter, 2 not understood. @throws when the broker cannot be reached.
 */
export async function runDeadLetterCommand(
  arguments_: readonly string[],
  environment: () => BrokerEnvironment,
  out: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const wish = understand(arguments_);
  if (!wish) {
    out(USAGE);
    return 2;
  }
  const letters = await openDeadLetters(environment());
  try {
    return await carryOut(wish, letters, out);
  } finally {
    await letters.close();
  }
}

interface Wish {
  verb: 'list' | 'show' | 'replay';
  choice: Choice;
  /** A single one was named. */
  one: boolean;
  json: boolean;
}

function understand(arguments_: readonly string[]): Wish | undefined {
  const options = { service: { type: 'string' }, all: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...arguments_], options, allowPositionals: true, strict: true });
  } catch {
    return undefined;
  }
  const { values, positionals } = parsed;
  const [verb = '', id, ...more] = positionals;
  if (more.length > 0 || !['list', 'show', 'replay'].includes(verb)) return undefined;
  const takesId = verb === 'show' || (verb === 'replay' && !values.all);
  if (takesId !== (id !== undefined)) return undefined;
  return {
    verb: verb as Wish['verb'],
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
