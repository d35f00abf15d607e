import { isSecretFlag, type SecretSpan, secretSpansInCommand } from '../../literals/secret-spans.ts';
import { isWrittenOut } from '../../literals/stand-ins.ts';
import { type Field, fieldOf, itemsOf } from './fields.ts';
import { interpolate, joined, type Part, type Settings, shownText } from './interpolate.ts';
import { shellWords } from './words.ts';

/** Secrets that are written into the commands of a service, and what is before each. */
export function secretsInCommands(service: Field, settings: Settings): { name: string; value: string }[] {
  const health = fieldOf(service, 'healthcheck');
  const fields = [
    fieldOf(service, 'entrypoint'),
    fieldOf(service, 'command'),
    health === undefined ? undefined : fieldOf(health, 'test'),
  ];
  return fields.flatMap(field => {
    const words = field === undefined ? [] : textsOf(field).map(text => interpolate(text, settings));
    return spansOf(words).flatMap(({ text, spans }) =>
      spans.map(({ start, end, name }) => ({ name, value: text.slice(start, end) })),
    );
  });
}

/** A healthcheck that is a text is one for a shell; its words are found in it as well. */
function textsOf(field: Field): readonly string[] {
  if (typeof field.value === 'string') return [field.value, ...(shellWords(field.value) ?? [])];
  return itemsOf(field).flatMap(({ value }) =>
    value === null || typeof value === 'object' ? [] : [String(value)],
  );
}

/** Words in which each part that looks like a secret is its variable. */
export function withoutSecrets(
  words: readonly (readonly Part[])[],
  literals: ReadonlyMap<string, string>,
): readonly (readonly Part[])[] {
  const found = new Map(spansOf(words).map(({ part, spans }) => [part, spans]));
  return words.map(parts =>
    joined(
      parts.flatMap(part => ('text' in part ? cut(part.text, found.get(part) ?? [], literals) : [part])),
    ),
  );
}

function cut(
  text: string,
  spans: readonly SecretSpan[],
  literals: ReadonlyMap<string, string>,
): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const span of spans) {
    const variable = literals.get(text.slice(span.start, span.end)) ?? 'SECRET';
    parts.push({ text: text.slice(end, span.start) }, { variable });
    end = span.end;
  }
  return [...parts, { text: text.slice(end) }];
}

/** Each text of the words, with the parts of it that look like secrets. */
function spansOf(words: readonly (readonly Part[])[]) {
  return words.flatMap((parts, at) =>
    parts.flatMap(part => {
      if (!('text' in part)) return [];
      const { text } = part;
      const whole = parts.length === 1 ? nameOfWhole(text, words.slice(0, at).map(shownText)) : undefined;
      const spans = whole === undefined ? secretSpansInCommand(text) : [{ ...whole, end: text.length }];
      return [{ part, text, spans }];
    }),
  );
}

/** What the word before calls one that is a secret from a character on, as a flag of curl has a user first. */
function nameOfWhole(text: string, before: readonly string[]): { name: string; start: number } | undefined {
  const [, flag = ''] = /^--?([A-Za-z][\w-]*)$/.exec(before.at(-1) ?? '') ?? [];
  if (isSecretFlag(flag) && !text.startsWith('-') && isWrittenOut(text)) return { name: flag, start: 0 };
  const isLogin = /^(?:u|user)$/.test(flag) && before.some(word => /(?:^|\/)curl$/.test(word));
  return isLogin && /^[^:\s$]+:[^\s$]+$/.test(text)
    ? { name: 'password', start: text.indexOf(':') + 1 }
    : undefined;
}
