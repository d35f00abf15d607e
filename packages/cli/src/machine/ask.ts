import { createInterface } from 'node:readline/promises';

/** The streams of a terminal. */
interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Asks one question.
 * @throws the reason of the signal, once the person interrupts; an empty answer at the end of the input
 */
export async function ask(
  question: string,
  { stdin, stdout }: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const reader = createInterface({ input: stdin, output: stdout });
  const ended = new Promise<string>(done => reader.once('close', () => done('')));
  try {
    reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}
