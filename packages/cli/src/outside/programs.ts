import { type ExecResult, excerpt, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';

const MAX_SAID = 300;

/** What a program answered: its standard output, or why there is none. */
export interface ProgramAnswer extends Pick<ExecResult, 'stdout' | 'exitCode'> {
  /** The last line that says what is wrong, cut; empty if nothing was said. */
  readonly said: string;
}

/** kubectl with a context of this machine's kubeconfig. It asks nothing, and gives up a server that does not answer. */
export async function kubectl(
  { exec, signal }: Machine,
  context: string,
  args: readonly string[],
  input?: string,
): Promise<ProgramAnswer> {
  signal.throwIfAborted();
  return answerOf(
    await exec('kubectl', kubectlArguments(context, args), input === undefined ? {} : { input }),
  );
}

/** The arguments as they are run and printed. */
export function kubectlArguments(context: string, args: readonly string[]): string[] {
  return [`--context=${context}`, '--request-timeout=15s', ...args];
}

/** GitHub's own program, as whoever is logged in to it. It asks nothing. */
export async function gh(
  { exec, environment, signal }: Machine,
  args: readonly string[],
  input?: string,
): Promise<ProgramAnswer> {
  signal.throwIfAborted();
  const quiet = { ...environment, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };
  return answerOf(await exec('gh', args, { environment: quiet, ...(input === undefined ? {} : { input }) }));
}

/** What a program said, without the log lines of its libraries. */
export function answerOf({ exitCode, stdout, stderr }: ExecResult): ProgramAnswer {
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !/^[EWI]\d{4} /.test(line));
  return { exitCode, stdout, said: excerpt(lines[0]?.trim() ?? '', MAX_SAID) };
}

/** @throws SlipwayError `command-failed` unless the program succeeded */
export function outputOf(answer: ProgramAnswer, what: string): string {
  if (answer.exitCode === 0) return answer.stdout;
  throw commandFailed(what, answer);
}

export function commandFailed(what: string, { said, exitCode }: ProgramAnswer): SlipwayError<CliErrorCode> {
  const reason = said === '' ? `exit code ${exitCode}` : said;
  return new SlipwayError<CliErrorCode>({
    code: 'command-failed',
    message: `${what} did not succeed: ${reason}`,
    remedy: remedyFor(said),
  });
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /gh auth login|not logged in|HTTP 401|authentication token/i,
    'log in with "gh auth login", and run it again',
  ],
  [/HTTP 403|HTTP 404|Must have admin/i, 'use an account that administers the repository, and run it again'],
  [
    /\(Forbidden\)|is forbidden|cannot (?:get|create|list|patch|update)/i,
    'use a context whose user may do it (--context), and run it again',
  ],
  [
    /connection refused|no such host|timeout|deadline|unable to connect|was refused|i\/o/i,
    'check that the cluster can be reached from here, and run it again',
  ],
];

function remedyFor(said: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(said))?.[1] ?? 'correct it, and run it again';
}
