/** Where progress is written. */
export interface ProgressOutput {
  line(text: string): void;
  /** Replaces the last line, on a terminal. */
  rewrite?: ((text: string) => void) | undefined;
}

/** Shows progress: lines that stay, and work that reports its state regularly. */
export interface Progress {
  line(text: string): void;
  /** `state` is called every second for the last line of a terminal, and elsewhere every 15 s for a new line. */
  begin(state: () => string): { end(last: string): void };
}

const LIVE_MILLISECONDS = 1_000;
const PLAIN_MILLISECONDS = 15_000;

export function createProgress(output: ProgressOutput): Progress {
  return output.rewrite === undefined ? plainProgress(output) : liveProgress(output, output.rewrite);
}

function plainProgress(output: ProgressOutput): Progress {
  return {
    line: output.line,
    begin(state) {
      output.line(state());
      const timer = setInterval(() => output.line(state()), PLAIN_MILLISECONDS);
      return {
        end(last) {
          clearInterval(timer);
          output.line(last);
        },
      };
    },
  };
}

/** All running work shares the terminal's last line. */
function liveProgress(output: ProgressOutput, rewrite: (text: string) => void): Progress {
  const working = new Set<() => string>();
  let timer: NodeJS.Timeout | undefined;
  const draw = () => rewrite([...working].map(state => state()).join('   '));
  const line = (text: string) => {
    rewrite('');
    output.line(text);
    if (working.size > 0) draw();
  };
  return {
    line,
    begin(state) {
      working.add(state);
      timer ??= setInterval(draw, LIVE_MILLISECONDS);
      draw();
      return {
        end(last) {
          working.delete(state);
          if (working.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          line(last);
        },
      };
    },
  };
}

/** Progress on a stream such as standard error. */
export function streamProgress(stream: NodeJS.WriteStream): Progress {
  return createProgress({
    line: text => void stream.write(`${text}\n`),
    rewrite: stream.isTTY ? text => void stream.write(`\r\x1b[2K${text}`) : undefined,
  });
}

/** "1 min 42 s", "7.3 s". */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
