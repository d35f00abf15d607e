import { SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';

/** Whether what is written to a stream arrives. */
export interface Arrival {
  /** Waits until all that was written has left the process, and returns why some of it has not; undefined if all has. */
  settle(): Promise<NodeJS.ErrnoException | undefined>;
}

/** Watches a stream from its first line on. What a command does beside its answer goes on, as a step that was begun must not be left half-way. */
export function watchArrival(stream: NodeJS.WriteStream): Arrival {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  return {
    async settle() {
      await new Promise<void>(done => stream.write('', () => done()));
      // The error of a write is told after its callback.
      await new Promise<void>(done => setImmediate(done));
      return failure;
    },
  };
}

/** Whether the reader of a pipe has read enough, which is not a fault: `slipway diff | head`. */
export function isClosedPipe({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

export function outputUnwritable({ code = 'unknown', ...cause }: NodeJS.ErrnoException) {
  return new SlipwayError<CliErrorCode>(
    {
      code: 'answer-unwritable',
      message: `standard output cannot be written (${code}), so that the answer is lost or cut short`,
      remedy: 'free the disk or send it elsewhere, and run it again',
    },
    { cause },
  );
}
