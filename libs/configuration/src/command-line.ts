import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The status of a command that was called wrongly: EX_USAGE of sysexits.h. */
export const EX_USAGE = 64;

/** What is wrong with the arguments of a command, in one sentence. */
export class UsageError extends Error {
  override name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** `parseArgs` of node:util, strictly. @throws UsageError */
export function readArguments<const Given extends Options>(args: readonly string[], options: Given) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's advice after it speaks of cases that no command of ours has.
    throw new UsageError(`${(error as Error).message.split(/\.\s|\.?$/)[0]}.`);
  }
}

/** @throws UsageError */
export function wholeNumber(name: string, text: string, least = 0): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${name} is a whole number from ${least} to 999999.`);
}

/** Where a command tells what was asked for, and what was wrong. */
export interface Output {
  out(text: string): void;
  complain(text: string): void;
}

const TERMINAL: Output = {
  out: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
};

/**
 * Runs a command. @returns its exit code: that of `work`; 0 after `--help`; EX_USAGE when `work` throws a UsageError, which
 * is told with the usage below it
 */
export async function runCommand(
  { args, usage }: { args: readonly string[]; usage: string },
  work: (out: Output['out']) => Promise<number>,
  output: Partial<Output> = {},
): Promise<number> {
  const { out, complain } = { ...TERMINAL, ...output };
  if (args.includes('--help')) {
    out(usage);
    return 0;
  }
  try {
    return await work(out);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n\n${usage}`);
    return EX_USAGE;
  }
}
