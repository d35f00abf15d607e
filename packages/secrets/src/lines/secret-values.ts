import { type Problem, quote, throwIfAny } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { SecretAllowance } from '../store.ts';
import { STORE_NAMES, storeKind } from '../stores.ts';

/** Variables by name, for the stores of this step and for no one else. */
export type SecretValues = Readonly<Record<string, string>>;

/** One variable, at its line counted from 1. */
interface Entry {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

const SEVERAL_LINES =
  'write NAME=value, and a value of several lines as NAME<<END, the lines, and END on a line of its own';
const NOT_ALLOWED = `add env=NAME to "secrets", or remove the line; if it belongs to the value before it, ${SEVERAL_LINES}`;

/**
 * Reads `NAME=value` lines, and `NAME<<END` with the lines up to `END`, as a runner reads the file GITHUB_ENV:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 * A variable that the step may not read is refused: it is either a secret too many, or the second line of a value.
 * @param allowances what the input `secrets` says
 * @throws SlipwayError `secret-values-invalid`, one problem for each line, which never repeats any of it
 */
export function parseSecretValues(text: string, allowances: readonly SecretAllowance[]): SecretValues {
  const problems: Problem<SecretsErrorCode>[] = [];
  const report = (line: number, what: string, remedy: string): void =>
    void problems.push({
      code: 'secret-values-invalid',
      message: `input "secret-values" ${what} in line ${line}`,
      remedy,
    });
  const known = namesToRead(allowances);
  const values = new Map<string, string>();
  for (const { line, name, value } of readEntries(text, report)) {
    if (!known.has(name)) report(line, 'sets a variable that the step may not read', NOT_ALLOWED);
    else if (values.has(name)) report(line, `sets ${quote(name)} again`, 'remove one of them');
    else values.set(name, value);
  }
  throwIfAny(problems);
  return Object.fromEntries(values);
}

/** What the config may take from the environment, and what the stores log in with. */
function namesToRead(allowances: readonly SecretAllowance[]): ReadonlySet<string> {
  const allowed = allowances.filter(({ store }) => store === 'env').map(({ name }) => name);
  return new Set([...allowed, ...STORE_NAMES.flatMap(name => storeKind(name).credentials)]);
}

function* readEntries(
  text: string,
  report: (line: number, what: string, remedy: string) => void,
): Generator<Entry> {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = withoutReturn(lines[index]);
    if (line.trim() === '') continue;
    const [at, separator] = separatorOf(line);
    const entry = { line: index + 1, name: line.slice(0, Math.max(at, 0)).trim() };
    const rest = line.slice(at + separator.length);
    if (separator === '') report(entry.line, 'has no "="', SEVERAL_LINES);
    else if (separator === '=') yield { ...entry, value: rest };
    else {
      const end = lines.findIndex((candidate, other) => other > index && withoutReturn(candidate) === rest);
      if (rest === '' || end < 0) {
        report(
          entry.line,
          'begins a value that does not end',
          'end it with the word after "<<" on a line of its own',
        );
        return;
      }
      yield { ...entry, value: lines.slice(index + 1, end).join('\n') };
      index = end;
    }
  }
}

/** Whichever comes first decides, so that a value may contain the other. */
function separatorOf(line: string): [at: number, separator: '' | '=' | '<<'] {
  const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
  if (heredoc >= 0 && (equals < 0 || heredoc < equals)) return [heredoc, '<<'];
  return equals < 0 ? [-1, ''] : [equals, '='];
}

/** A text that was typed into a form may end its lines with a carriage return, which belongs to no value. */
function withoutReturn(line = ''): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
