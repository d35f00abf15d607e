import type { JsonObject } from '@slipway/core';
import { numberAt, textAt } from '@slipway/kubernetes';

/** Signals that end containers, by number; 128 + n is the exit code of a process that signal n ended (POSIX shells' rule). */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL, an illegal instruction: perhaps an image for another processor',
  6: 'SIGABRT, the process aborted itself',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL, killed from outside',
  11: 'SIGSEGV, a segmentation fault',
  13: 'SIGPIPE',
  15: 'SIGTERM, asked to stop',
};

const CODES: Readonly<Record<number, string>> = {
  126: 'the command cannot be executed',
  127: 'the command was not found',
};

/** How a container ended, in words: `exit code 137: out of memory`. */
export function describeExit(terminated: JsonObject): string {
  const code = numberAt(terminated, 'exitCode') ?? 0;
  if (textAt(terminated, 'reason') === 'OOMKilled') return `exit code ${code}: out of memory`;
  const signal = numberAt(terminated, 'signal') ?? (code > 128 ? code - 128 : 0);
  const words = CODES[code] ?? SIGNALS[signal];
  return words === undefined ? `exit code ${code}` : `exit code ${code}: ${words}`;
}
