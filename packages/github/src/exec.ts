import { type ExecOptions, type ExecResult, quote, SlipwayError } from '@slipway/core';
import type { GithubErrorCode } from './error-codes.ts';
import type { Environment } from './runner.ts';

/** Starts a process without a shell. No other file starts processes. */
export async function execute(
  command: string,
  args: readonly string[],
  options: ExecOptions,
  inherited: Environment,
): Promise<ExecResult> {
  const { getExecOutput } = await import('@actions/exec');
  const { onLine, onOutput, input } = options;
  try {
    return await getExecOutput(asOneWord(command), [...args], {
      silent: true,
      ignoreReturnCode: true,
      env: defined(withoutInputs(options.environment ?? inherited)),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
      listeners: {
        ...(onLine === undefined ? {} : { stdline: onLine, errline: onLine }),
        ...(onOutput === undefined ? {} : { stdout: onOutput }),
      },
    });
  } catch (cause) {
    throw new SlipwayError<GithubErrorCode>(
      {
        code: 'command-not-found',
        message: `${quote(command)} cannot be run`,
        remedy: 'install it on the runner in an earlier step',
      },
      { cause },
    );
  }
}

/** The toolkit splits a command at its spaces, which a path may have, unless it is quoted. */
function asOneWord(command: string): string {
  return `"${command.replaceAll('"', '\\"')}"`;
}

/** No program needs the inputs of the action that starts it, and some inputs are secrets. */
function withoutInputs(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('INPUT_')));
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
