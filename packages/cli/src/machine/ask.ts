import { createInterface } from 'node:readline/promises';
import { SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';

/** The streams of a terminal. */
interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

/**
 * Asks one question.
 * @throws SlipwayError `interrupted` where the input ends, since no answer is not the likely one; the reason of the signal, once the
 * person interrupts
 */
export async function ask(
  question: string,
  { stdin, stdout }: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const reader = createInterface({ input: stdin, output: stdout });
  const ended = new Promise<string>((_, reject) => reader.once('close', () => reject(inputEnded())));
  try {
    reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}

function inputEnded(): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'interrupted',
    message: 'the input ended before the question was answered',
    remedy: 'run it again, or with --yes',
  });
}
