import { BUILDER_VALUE, expandWord } from './shell-words.ts';

/** Longer values are not part of the name of an image, and could grow without end: `ARG A=$A$A`. */
const VALUE_LIMIT = 600;

/** The variables that the builder sets itself, and others that it may set in a later version. */
const BUILDER_NAMES = /^(?:BUILD|TARGET)/;

/**
 * The values of the arguments before the first stage, which FROM can use.
 * @param declared `NAME`, or `NAME=default`
 * @param given build arguments, which come before defaults
 * @returns undefined for a variable that is not set, BUILDER_VALUE where only the builder knows
 * @throws UnreadableDockerfile
 */
export function globalArguments(
  declared: readonly string[],
  given: Readonly<Record<string, string>>,
  escapeChar: string,
): (name: string) => string | undefined {
  const values = new Map<string, string>();
  const lookUp = (name: string) =>
    values.get(name) ?? (BUILDER_NAMES.test(name) ? (own(given, name) ?? BUILDER_VALUE) : undefined);
  for (const argument of declared) {
    const [, name = '', preset] = /^([^=]*)(?:=([\s\S]*))?$/.exec(argument) ?? [];
    const value =
      own(given, name) ?? (preset === undefined ? undefined : expandWord(preset, escapeChar, lookUp));
    if (value !== undefined) values.set(name, value.length > VALUE_LIMIT ? BUILDER_VALUE : value);
  }
  return lookUp;
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
