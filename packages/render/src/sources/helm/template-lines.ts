import type { Position } from '@slipway/core';

/**
 * Finds the lines of a template that lines of its output come from, by their text: Helm says only which file it was. A line that nothing
 * in the template looks like, such as one that an `include` gave, counts to the last one before it that was found.
 */
export class TemplateLines {
  readonly #lines: readonly TemplateLine[];
  readonly #found: Position[] = [];

  /**
   * @param template the file's text
   * @param output what was made of it, or a part
   */
  constructor(path: string, template: string, output: string) {
    this.#lines = template.split('\n').map((text, index) => ({ index, ...literalStart(text) }));
    let last = 0;
    for (const text of output.split('\n')) {
      const line = this.#lineOf(text.trim(), last);
      last = line?.index ?? last;
      this.#found.push({ path, line: last + 1, column: line === undefined ? 1 : line.indentation + 1 });
    }
  }

  /** @param line of the output, from 1 */
  placeOf(line: number): Position | undefined {
    return this.#found[line - 1];
  }

  /** The next one that fits, or where a loop began again the first. */
  #lineOf(text: string, last: number): TemplateLine | undefined {
    if (text === '') return undefined;
    const fitting = this.#lines.filter(line => fits(line, text));
    return fitting.find(({ index }) => index >= last) ?? fitting[0];
  }
}

interface TemplateLine {
  readonly index: number;
  readonly indentation: number;
  /** What stands before the first action, or the whole line. */
  readonly literal: string;
  readonly isWhole: boolean;
}

function literalStart(text: string): Omit<TemplateLine, 'index'> {
  const action = text.indexOf('{{');
  const indentation = text.length - text.trimStart().length;
  return { indentation, literal: (action < 0 ? text : text.slice(0, action)).trim(), isWhole: action < 0 };
}

/** A bare dash or quote before an action says nothing; a key does. */
function fits({ literal, isWhole }: TemplateLine, text: string): boolean {
  if (isWhole) return literal !== '' && literal === text;
  return /[A-Za-z0-9]/.test(literal) && text.startsWith(literal);
}
