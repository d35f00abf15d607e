import { channel } from 'node:diagnostics_channel';
import { nextTick } from 'node:process';
import type { Writable } from 'node:stream';
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
  processes.subscribe(forgiveUnreadInput);
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
  } finally {
    processes.unsubscribe(forgiveUnreadInput);
  }
}

/** Where Node announces each process that it starts: the toolkit does not give it out. */
const processes = channel('child_process');

/**
 * A program that ends without reading its input is judged by its exit code. The toolkit does not listen to this error, which would end
 * the action.
 */
function forgiveUnreadInput(message: unknown): void {
  const { process: child } = message as { readonly process: { readonly stdin: Writable | null } };
  nextTick(() => {
    // Each of several that are started at the same time is announced to all of their subscriptions.
    if (child.stdin?.listeners('error').includes(forgive) === false) child.stdin.on('error', forgive);
  });
}

function forgive(): void {}

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
