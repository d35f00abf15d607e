import type { Position } from '@slipway/core';

/**
 * Finds the line of a template that a line of its output comes from, by its text, since Helm reports only the file. A line without a match
 * is attributed to the action that writes whole lines, such as an `include`, right after the last match, or else to that match.
 */
export class TemplateLines {
  readonly #lines: readonly TemplateLine[];
  /** Lines without an action, by their text, since the definition of a custom resource has thousands of them. */
  readonly #literal: ReadonlyMap<string, readonly TemplateLine[]>;
  /** Lines with an action that begin with text by which they can be recognised. */
  readonly #begun: readonly TemplateLine[];
  readonly #found: Position[] = [];

  /**
   * @param template the file's text
   * @param output the output of the template, or a part of it
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
      const shown = line ?? this.#writerAfter(last);
      this.#found.push({ path, line: (shown?.index ?? last) + 1, column: (shown?.indentation ?? 0) + 1 });
    }
  }

  /** @param line the line of the output, from 1 */
  positionAt(line: number): Position | undefined {
    return this.#found[line - 1];
  }

  #writerAfter(index: number): TemplateLine | undefined {
    const next = this.#lines[index + 1];
    return next !== undefined && WRITER.test(next.text) ? next : undefined;
  }

  /** The next line that matches, or the first one, as a loop starts again from there. */
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
  /** The text before the first action, or the whole line. A bare dash or quote identifies nothing, but a key does. */
  readonly literal: string;
  readonly isWhole: boolean;
}

/** An action alone on its line that writes whole lines. */
const WRITER = /^\s*\{\{.*\b(?:include|template|toYaml|tpl|nindent|indent)\b/;

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

/** The first line at or after an index, of lines in order. */
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
