import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** The status of a command that was called wrongly: EX_USAGE of sysexits.h. */
export const EX_USAGE = 64;

/** What is wrong with the arguments of a command, in one sentence. */
export class UsageError extends Error {}

/**
 * The arguments of the command that runs, as `judge` understands them. Ends the process when there is nothing to run:
 * with 0 after `--help`, with EX_USAGE and a sentence when they are wrong.
 * @param usage what `--help` prints; the first line stands below a sentence, too
 * @param options as `parseArgs` of node:util has them
 * @param judge is given `{ values, positionals }`; @throws UsageError
 */
export function readArguments(command) {
  try {
    const read = understand(process.argv.slice(2), command);
    if (read) return read;
    console.log(command.usage);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${command.usage}`);
    process.exit(EX_USAGE);
  }
}

/** @returns undefined when help is wanted @throws UsageError */
export function understand(args, { options = {}, judge = () => ({}), takesFiles = false }) {
  const parsed = parse(args, { ...options, help: { type: 'boolean' } }, takesFiles);
  return parsed.values.help ? undefined : judge(parsed);
}

/** @throws UsageError */
export function wholeNumber(name, text, least) {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${name} is a whole number, ${least} at least.`);
}

/** A file that is written at the end of a long run. @throws UsageError when it cannot be, before the run begins */
export function fileToWrite(name, path) {
  const isNew = !existsSync(path);
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw new UsageError(`--${name} ${path} cannot be written: ${error.code}.`);
  }
  if (isNew) rmSync(path);
  return path;
}

function parse(args, options, allowPositionals) {
  try {
    return parseArgs({ args, options, allowPositionals });
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    // Node's advice after it speaks of cases that no command of ours has.
    throw new UsageError(`${error.message.split(/\.\s|\.?$/)[0]}.`);
  }
}
