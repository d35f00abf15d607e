import { parseArguments } from './arguments-of-instruction.ts';
import { parseDirectives } from './directives.ts';
import { splitLine } from './flags.ts';
import { type DocumentMark, documentMarksIn } from './here-documents.ts';
import { atLine, trimStart, UnreadableDockerfile } from './unreadable.ts';

export interface Instruction {
  /** The first word, in lower case. Whether it is an instruction is checked later. */
  readonly name: string;
  /** `--name=value`, without quotes. */
  readonly flags: readonly string[];
  readonly args: readonly string[];
  /** Whether the arguments are in JSON. */
  readonly isJson: boolean;
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** For ONBUILD: what it triggers, as the text of a Dockerfile. */
  readonly trigger?: string;
}

export interface ParsedInstructions {
  readonly instructions: readonly Instruction[];
  readonly escapeChar: string;
}

/** Bytes of a line from which on BuildKit refuses it. */
const LINE_LIMIT = 65_535;

const WITH_DOCUMENTS: ReadonlySet<string> = new Set(['run', 'copy', 'add']);

/**
 * The instructions of a Dockerfile with their lines joined, as BuildKit's package frontend/dockerfile/parser reads them.
 * @throws UnreadableDockerfile
 */
export function parseInstructions(text: string): ParsedInstructions {
  const reader = new LineReader(text);
  const instructions: Instruction[] = [];
  for (let number = reader.line; ; number = reader.line) {
    const text = reader.joinedLine();
    if (text === undefined) break;
    if (text === '') continue;
    instructions.push({ ...atLine(number, () => parseInstruction(text, reader)), line: number });
  }
  if (instructions.length === 0) throw new UnreadableDockerfile('no instructions');
  return { instructions, escapeChar: reader.escapeChar };
}

type Unplaced = Omit<Instruction, 'line'>;

function parseInstruction(line: string, reader: LineReader): Unplaced {
  const instruction = instructionOf(line, reader.escapeChar);
  const inner = instruction.name === 'onbuild' ? innerOf(line, reader.escapeChar) : undefined;
  const { name, isJson } = inner ?? instruction;
  const documents =
    WITH_DOCUMENTS.has(name) && !isJson
      ? documentMarksIn(line).map(mark => reader.document(mark) + mark.name)
      : [];
  if (inner === undefined) return instruction;
  const trigger = [line.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, ''), ...documents].join('\n');
  return { ...instruction, args: [inner.name, ...inner.args], trigger };
}

function instructionOf(line: string, escapeChar: string): Unplaced {
  const { name, flags, rest } = splitLine(line, escapeChar);
  return { name, flags, ...parseArguments(name, rest, escapeChar) };
}

function innerOf(line: string, escapeChar: string): Unplaced | undefined {
  const { rest } = splitLine(line, escapeChar);
  return rest === '' ? undefined : instructionOf(rest, escapeChar);
}

/** Reads lines, joined where they continue, and the here-documents behind them. */
class LineReader {
  readonly escapeChar: string;
  readonly #lines: readonly string[];
  #at = 0;

  constructor(text: string) {
    const lines = text.replace(/^\ufeff/, '').split(/(?<=\n)/);
    // BuildKit counts bytes, of which a character has three at the most.
    if (lines.some(line => line.length * 3 >= LINE_LIMIT && Buffer.byteLength(line) >= LINE_LIMIT))
      throw new UnreadableDockerfile('a line is too long');
    this.#lines = lines.filter(line => line !== '');
    this.escapeChar = escapeOf(this.#lines.map(line => trimStart(withoutLineEnd(line))));
  }

  /** The next line, from 1. */
  get line(): number {
    return this.#at + 1;
  }

  /** An instruction, without comments and empty lines between its lines; empty for such a line, undefined at the end. */
  joinedLine(): string | undefined {
    if (this.#at >= this.#lines.length) return undefined;
    const first = trimStart(this.#next());
    const start = continued(first.startsWith('#') ? '' : first, this.escapeChar);
    let line = start.text;
    let { continues } = start;
    if (!continues && line === '') return line;
    while (continues && this.#at < this.#lines.length) {
      const part = this.#next();
      if (/^(?:#|$)/.test(trimStart(part))) continue;
      const next = continued(part, this.escapeChar);
      line += next.text;
      continues = next.continues;
    }
    // Only its characters decide whether it is an instruction, so that one which consists of an escape is refused.
    return line === '' ? ' ' : line;
  }

  /** The lines up to the one that is the mark. */
  document({ name, ignoresTabs }: DocumentMark): string {
    let content = '';
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at] ?? '';
      this.#at += 1;
      const end = withoutLineEnd(line);
      if ((ignoresTabs ? end.replace(/^\t+/, '') : end) === name) return content;
      content += line;
    }
    throw new UnreadableDockerfile('a here-document does not end');
  }

  #next(): string {
    const line = this.#lines[this.#at] ?? '';
    this.#at += 1;
    return withoutLineEnd(line);
  }
}

function escapeOf(lines: readonly string[]): string {
  const escapeChar = parseDirectives(lines).find(({ name }) => name === 'escape')?.value ?? '\\';
  if (escapeChar !== '\\' && escapeChar !== '`')
    throw new UnreadableDockerfile('the escape character is wrong');
  return escapeChar;
}

/** An escape character at the end continues a line, unless another is in front of it. */
function continued(line: string, escapeChar: string): { text: string; continues: boolean } {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  const continues = line[end - 1] === escapeChar && line[end - 2] !== escapeChar;
  return { text: continues ? line.slice(0, end - 1) : line, continues };
}

function withoutLineEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\n' || line[end - 1] === '\r') end -= 1;
  return line.slice(0, end);
}
