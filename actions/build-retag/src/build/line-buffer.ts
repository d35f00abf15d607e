/** Lines of a process that runs beside others, kept until their turn to be shown. */
export interface LineBuffer {
  push(line: string): void;
  /** No more lines will come. */
  close(): void;
  /** Shows the lines so far and each new one, until the buffer is closed. */
  follow(show: (line: string) => void): Promise<void>;
  /** The newest lines that say something. */
  last(count: number): string[];
}

export function createLineBuffer(): LineBuffer {
  const lines: string[] = [];
  const closed = Promise.withResolvers<void>();
  let show: ((line: string) => void) | undefined;
  return {
    push(line) {
      lines.push(line);
      show?.(line);
    },
    close: () => closed.resolve(),
    async follow(showLine) {
      for (const line of lines) showLine(line);
      show = showLine;
      await closed.promise;
    },
    last: count => lines.filter(line => line.trim() !== '').slice(-count),
  };
}
