import { SlipwayError } from '@slipway/core';
import { parseCommand, USAGE } from './arguments.ts';
import { streamProgress } from './build/progress.ts';
import { COMMANDS } from './commands.ts';

// The edge: arguments and environment in, exit status out.

const surroundings = {
  environment: process.env,
  progress: streamProgress(process.stderr),
  now: () => new Date(),
  print: (text: string) => void process.stdout.write(text),
};
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

try {
  const { command, options } = parseCommand(process.argv.slice(2));
  if (command === undefined) process.stdout.write(USAGE);
  else await COMMANDS[command](options, surroundings, interrupted.signal);
} catch (error) {
  if (interrupted.signal.aborted) process.exitCode = 130;
  else if (error instanceof SlipwayError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
