import { type Check, isJsonObject, type JsonValue, parseTemplate } from '@slipway/core';

/** The values of placeholders in checks: `namespace`, `application`, `formation`, `destination` and `tag`. */
export type CheckWords = Readonly<Record<string, string>>;

/** A check with the placeholders in its texts filled; `unknown` is called with each word that is not defined. */
export function fillWords(check: Check, words: CheckWords, unknown: (word: string) => void): Check {
  const { http, job, prometheus } = check;
  const fill = <Value>(value: Value): Value => filled(value as JsonValue, words, unknown) as Value;
  return {
    ...check,
    ...(http && { http: fill(http) }),
    // The manifest of a Job is used as it is.
    ...(job?.name === undefined ? {} : { job: { ...job, name: fill(job.name) } }),
    ...(prometheus && { prometheus: fill(prometheus) }),
  };
}

function filled(value: JsonValue, words: CheckWords, unknown: (word: string) => void): JsonValue {
  if (typeof value === 'string') return filledText(value, words, unknown);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, words, unknown)]));
}

function filledText(text: string, words: CheckWords, unknown: (word: string) => void): string {
  const { parts, problems } = parseTemplate(text);
  for (const problem of problems) unknown(problem.text);
  return parts
    .map(part => {
      if (part.kind === 'text') return part.text;
      if (!Object.hasOwn(words, part.word)) unknown(part.word);
      return words[part.word] ?? '';
    })
    .join('');
}
