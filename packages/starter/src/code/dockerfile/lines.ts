import { GUESS } from '../../proposal/guesses.ts';
import type { Known } from '../facts/known.ts';

/** Comments of a Dockerfile are lines of their own, so a guess is said before its instruction. */
export function instruction<T>(value: Known<T>, write: (value: T) => string): readonly string[] {
  return [...(value.guess === undefined ? [] : [`${GUESS}${value.guess}`]), write(value.value)];
}

/** `["node", "server.js"]`. */
export function execForm(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

/** Parts of a Dockerfile, with an empty line between stages. */
export function dockerfile(...stages: readonly (readonly string[])[]): string {
  return `${stages.map(lines => lines.join('\n')).join('\n\n')}\n`;
}

/** A RUN with folders that outlive the build. */
export function runWithCache(folders: readonly string[], command: string): string {
  const mounts = folders.map(folder => `--mount=type=cache,target=${folder}`);
  return `RUN ${mounts.join(' ')} \\\n    ${command}`;
}

/** The last lines of every image: a user by number, the port, the command. */
export function ending(
  user: number,
  port: Known<number> | undefined,
  start: Known<readonly string[]> | undefined,
): readonly string[] {
  return [
    `USER ${user}:${user}`,
    ...(port === undefined ? [] : instruction(port, number => `EXPOSE ${number}`)),
    ...(start === undefined ? [] : instruction(start, words => `CMD ${execForm(words)}`)),
  ];
}

/** Words of a command that no shell has to read; undefined if one has to. */
export function plainWords(command: string): readonly string[] | undefined {
  const words = command.trim().split(/\s+/);
  if (words[0] === undefined || words[0] === '' || /^\w+=/.test(words[0])) return undefined;
  return /[|&;<>()$`"'\\*?[\]{}~#\n]/.test(command) ? undefined : words;
}
