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
export type Ask = (question: string) => Promise<string>;

/** What was typed before it was asked for. */
interface TypedAhead {
  /** Whole lines, the next one first. */
  readonly lines: string[];
  /** The line that is not ended yet. */
  rest: string;
  hasEnded: boolean;
}

/**
 * Asks the person at a terminal. Each question has a reader of its own, so that between them the terminal is as every program expects
 * it, and what a reader has read beyond its answer is kept for the next questions.
 */
export function asker(terminal: Terminal, signal: AbortSignal): Ask {
  const ahead: TypedAhead = { lines: [], rest: '', hasEnded: false };
  return async question => {
    const typed = ahead.lines.shift();
    if (typed === undefined) return await read(question, terminal, signal, ahead);
    signal.throwIfAborted();
    // As it would look if it had been typed now.
    terminal.stdout.write(`${question}${typed}\n`);
    return typed;
  };
}

async function read(
  question: string,
  { stdin, stdout }: Terminal,
  signal: AbortSignal,
  ahead: TypedAhead,
): Promise<string> {
  if (ahead.hasEnded) throw inputEnded();
  const reader = createInterface({ input: stdin, output: stdout });
  const ended = Promise.withResolvers<string>();
  const end = (): void => {
    ahead.hasEnded = true;
    ended.reject(inputEnded());
  };
  try {
    reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    reader.once('close', end);
    reader.on('line', line => ahead.lines.push(line));
    const answered = reader.question(question, { signal });
    if (ahead.rest !== '') reader.write(ahead.rest);
    return await Promise.race([answered, ended.promise]);
  } finally {
    ahead.rest = ahead.hasEnded ? '' : reader.line;
    // Node lets go of the terminal by listeners of its own for the same event, without which the next reader gets each key twice.
    reader.off('close', end);
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
