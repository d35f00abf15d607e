import type { Position } from '@slipway/core';

/**
 * Finds the lines of a template that lines of its output come from, by their text: Helm says only which file it was. A line that nothing
 * in the template looks like counts to the action that writes whole lines, such as an `include`, right behind the last one that was
 * found, or else to that.
 */
export class TemplateLines {
  readonly #lines: readonly TemplateLine[];
  /** Lines without an action, by their text: a definition of a custom resource has thousands of them. */
  readonly #literal: ReadonlyMap<string, readonly TemplateLine[]>;
  /** Lines that begin with something to be known by. */
  readonly #begun: readonly TemplateLine[];
  readonly #found: Position[] = [];

  /**
   * @param template the file's text
   * @param output what was made of it, or a part
   */
  constructor(path: string, template: string, output: string) {
    this.#lines = template.split('\n').map(templateLine);
    this.#literal = Map.groupBy(
      this.#lines.filter(({ isWhole }) => isWhole),
      ({ literal }) => literal,
    );
    this.#begun = this.#lines.filter(({ isWhole, literal }) => !isWhole && /[A-Za-z0-9]/.test(literal));
    let last = 0;
    for (const text of output.split('\n')) {
      const line = this.#lineOf(text.trim(), last);
      last = line?.index ?? last;
      const shown = line ?? this.#writerBehind(last);
      this.#found.push({ path, line: (shown?.index ?? last) + 1, column: (shown?.indentation ?? 0) + 1 });
    }
  }

  /** @param line of the output, from 1 */
  placeOf(line: number): Position | undefined {
    return this.#found[line - 1];
  }

  #writerBehind(index: number): TemplateLine | undefined {
    const next = this.#lines[index + 1];
    return next !== undefined && writer.test(next.text) ? next : undefined;
  }

  /** The next one that fits, or where a loop began again the first. */
  #lineOf(text: string, last: number): TemplateLine | undefined {
    if (text === '') return undefined;
    const literal = this.#literal.get(text) ?? [];
    const begun = this.#begun.filter(line => text.startsWith(line.literal));
    const next = firstOf(
      from(literal, last),
      begun.find(({ index }) => index >= last),
    );
    return next ?? firstOf(literal[0], begun[0]);
  }
}

interface TemplateLine {
  readonly text: string;
  readonly index: number;
  readonly indentation: number;
  /** What stands before the first action, or the whole line. A bare dash or quote there says nothing; a key does. */
  readonly literal: string;
  readonly isWhole: boolean;
}

/** An action alone on its line that puts lines of its own there. */
const writer = /^\s*\{\{.*\b(?:include|template|toYaml|tpl|nindent|indent)\b/;

function templateLine(text: string, index: number): TemplateLine {
  const action = text.indexOf('{{');
  const indentation = text.length - text.trimStart().length;
  const literal = (action < 0 ? text : text.slice(0, action)).trim();
  return { text, index, indentation, literal, isWhole: action < 0 };
}

function firstOf(a: TemplateLine | undefined, b: TemplateLine | undefined): TemplateLine | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.index <= b.index ? a : b;
}

/** The first line that is not before another, of lines in order. */
function from(lines: readonly TemplateLine[], index: number): TemplateLine | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.index ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return lines[low];
}
