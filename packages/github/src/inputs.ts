import {
  formatProblem,
  nearest,
  type Problem,
  parseDuration,
  quote,
  SlipwayError,
  throwIfAny,
} from '@slipway/core';
import type { GithubErrorCode } from './error-codes.ts';
import type { Environment } from './runner.ts';

/** Reads an action's inputs as the runner passes them, and collects all problems. */
export interface InputReader {
  readonly environment: Environment;
  /** Trimmed; empty if absent, as GitHub does not distinguish the two. */
  text(name: string): string;
  /** As the workflow wrote it, for values whose spaces count; empty if absent. */
  untrimmed(name: string): string;
  /** @param others inputs of which one may be set instead */
  required(name: string, others?: readonly string[]): string;
  /** One per line or comma-separated; empty entries and lines that begin with `#` are dropped. */
  list(name: string): string[];
  /** `key=value`, one per line. Values are never repeated in a message. */
  pairs(name: string): Record<string, string>;
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice;
  flag(name: string, fallback: boolean): boolean;
  /** Milliseconds of `30s`, `10m` or `1h30m`; undefined if absent. */
  duration(name: string): number | undefined;
  /** The same of something that is given up after that time, so 0s is a problem. */
  timeLimit(name: string): number | undefined;
  /** Adds a problem that only the action can find, such as two inputs that exclude each other. */
  problem(name: string, message: string, remedy: string): void;
  /**
   * What a package's own `parse` makes of an input's text. Its problems, whose messages begin with `input "<name>"`, keep their codes,
   * and undefined is returned.
   */
  parse<Result>(name: string, parse: () => Result): Result | undefined;
  /** The same reader where some inputs have other texts. */
  having(values: Readonly<Record<string, string>>): InputReader;
}

/**
 * What workflows give in place of an output of another job that is empty, as in `digest: ${{ needs.prepare.outputs.digest ||
 * 'dropped-by-github' }}`: GitHub drops an output in which it finds a secret, and the job that needs it would run without it.
 */
const DROPPED = 'dropped-by-github';

/** The environment variable with which the runner passes an input. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/**
 * @param nameOf the input's name for the user, for an action that has the inputs of several actions under other names
 * @returns the result of `readInputs`
 * @throws SlipwayError `output-dropped`; else `input-missing`, `input-invalid` and the codes of what `InputReader.parse` runs, all at once
 */
export function parseInputs<Inputs>(
  environment: Environment,
  readInputs: (reader: InputReader) => Inputs,
  nameOf: (name: string) => string = name => name,
): Inputs {
  const problems: Problem[] = [];
  const dropped = new Map<string, Problem>();
  const inputs = readInputs(inputReader(environment, { problems, dropped }, nameOf));
  // Whatever else is wrong is so because of them.
  throwIfAny(dropped.values());
  // What is read for several destinations is wrong once.
  throwIfAny(new Map(problems.map(problem => [formatProblem(problem), problem])).values());
  return inputs;
}

/** What is wrong with the inputs, and which of them are outputs that GitHub dropped, by their names. */
interface Found {
  readonly problems: Problem[];
  readonly dropped: Map<string, Problem>;
}

function outputDropped(name: string): Problem<GithubErrorCode> {
  return {
    code: 'output-dropped',
    message: `input ${quote(name)} is empty, since GitHub dropped an output of an earlier job, in which it found the value of a secret`,
    remedy:
      'give that secret a longer value, or rename what contains it, and run the workflow again; the annotations of the earlier job name the output',
  };
}

function inputReader(
  environment: Environment,
  { problems, dropped }: Found,
  nameOf: (name: string) => string,
): InputReader {
  const untrimmed = (name: string): string => {
    const value = environment[inputVariable(nameOf(name))] ?? '';
    if (value === DROPPED) dropped.set(nameOf(name), outputDropped(nameOf(name)));
    return value;
  };
  const text = (name: string): string => untrimmed(name).trim();
  const add = (problem: Problem<GithubErrorCode>): void => {
    problems.push(problem);
  };
  const invalid = (name: string, message: string, remedy: string): void =>
    add({ code: 'input-invalid', message: `input ${quote(nameOf(name))} ${message}`, remedy });
  const duration = (name: string): number | undefined => {
    const value = text(name);
    if (value === '') return undefined;
    const milliseconds = parseDuration(value);
    if (milliseconds === undefined)
      invalid(name, `is ${quote(value)}`, 'write a duration such as 30s, 10m or 1h30m');
    return milliseconds;
  };
  return {
    environment,
    text,
    untrimmed,
    required(name, others = []) {
      const value = text(name);
      if (value === '')
        add({
          code: 'input-missing',
          message: `input ${quote(nameOf(name))} is missing`,
          remedy: `add "${nameOf(name)}: …" under "with:" of the step${others.map(other => `, or "${nameOf(other)}"`).join('')}`,
        });
      return value;
    },
    list: name => parseList(text(name)),
    pairs: name =>
      parsePairs(text(name), {
        malformed: line => invalid(name, `has no "=" in line ${line}`, 'write one key=value per line'),
        twice: line => invalid(name, `repeats a key in line ${line}`, 'remove one of them'),
      }),
    choice(name, choices, fallback) {
      const value = text(name);
      if (value === '') return fallback;
      const choice = choices.find(candidate => candidate === value);
      if (choice === undefined) invalid(name, `is ${quote(value)}`, choiceRemedy(value, choices));
      return choice ?? fallback;
    },
    flag(name, fallback) {
      const value = text(name).toLowerCase();
      if (value !== '' && value !== 'true' && value !== 'false')
        invalid(name, `is ${quote(value)}`, 'write true or false');
      return value === '' ? fallback : value === 'true';
    },
    duration,
    timeLimit(name) {
      const milliseconds = duration(name);
      if (milliseconds === 0) invalid(name, 'must be longer than 0s', 'write a duration such as 10m');
      return milliseconds;
    },
    problem: invalid,
    parse(name, parse) {
      try {
        return parse();
      } catch (error) {
        if (!(error instanceof SlipwayError)) throw error;
        problems.push(...error.problems.map(problem => underName(problem, name, nameOf(name))));
        return undefined;
      }
    },
    having(values) {
      const given = Object.entries(values).map(([name, value]) => [inputVariable(nameOf(name)), value]);
      return inputReader({ ...environment, ...Object.fromEntries(given) }, { problems, dropped }, nameOf);
    },
  };
}

/** The problem with an input that has another name for the user. */
function underName(problem: Problem, name: string, shown: string): Problem {
  const [own, theirs] = [`input ${quote(name)} `, `input ${quote(shown)} `];
  return problem.message.startsWith(own)
    ? { ...problem, message: `${theirs}${problem.message.slice(own.length)}` }
    : problem;
}

function choiceRemedy(value: string, choices: readonly string[]): string {
  const candidate = nearest(value, choices);
  return candidate === undefined
    ? `choose one of ${choices.join(', ')}`
    : `did you mean ${quote(candidate)}?`;
}

function parseList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter(line => !line.trim().startsWith('#'))
    .flatMap(line => line.split(','))
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
}

interface PairProblems {
  malformed(line: number): void;
  twice(line: number): void;
}

function parsePairs(text: string, problems: PairProblems): Record<string, string> {
  const pairs = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(0, equals)).trim();
    if (equals <= 0) problems.malformed(index + 1);
    else if (pairs.has(key)) problems.twice(index + 1);
    else pairs.set(key, line.slice(equals + 1).trim());
  });
  return Object.fromEntries(pairs);
}
