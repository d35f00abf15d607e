/** Cuts what a stream brings into lines. */
export interface LineReader {
  read(bytes: Uint8Array): void;
  /** Passes on a last line without a line break. */
  end(): void;
}

export function lineReader(onLine: (line: string) => void): LineReader {
  const decoder = new TextDecoder();
  let rest = '';
  const pass = (text: string): void => {
    const lines = `${rest}${text}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  return {
    read: bytes => pass(decoder.decode(bytes, { stream: true })),
    end() {
      pass(decoder.decode());
      if (rest !== '') onLine(rest);
    },
  };
}
