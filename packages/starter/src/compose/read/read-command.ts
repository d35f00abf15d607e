import { quote } from '@slipway/core';
import { partsOfWords } from './command-words.ts';
import type { ComposeHealth } from './compose-service.ts';
import { secondsOf } from './durations.ts';
import { type Field, fieldOf, fieldsOf, itemsOf } from './fields.ts';
import type { Part } from './interpolate.ts';
import { type Reading, remark, saysYes, textOf } from './reading.ts';
import { shellWords } from './words.ts';

/** The words of a command: a list, or a text that Compose cuts as a shell does, without a shell. */
export function readCommand(
  field: Field | undefined,
  reading: Reading,
): readonly (readonly Part[])[] | undefined {
  if (field === undefined) return undefined;
  if (Array.isArray(field.value)) return nonEmpty(partsOfWords(itemsOf(field), reading));
  const words = shellWords(String(field.value));
  if (words === undefined) {
    remark(reading, field.path, 'the command has quotes without an end, so it is left out');
    return undefined;
  }
  return nonEmpty(
    partsOfWords(
      words.map(value => ({ value, path: field.path })),
      reading,
    ),
  );
}

function nonEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

const READ: ReadonlySet<string> = new Set([
  'test',
  'interval',
  'timeout',
  'retries',
  'start_period',
  'disable',
]);

/** What is run in the container to know that it can serve; undefined if nothing is. */
export function readHealth(field: Field | undefined, reading: Reading): ComposeHealth | undefined {
  if (field === undefined) return undefined;
  const command = testOf(fieldOf(field, 'test'), reading);
  for (const [key, { path }] of fieldsOf(field))
    if (!READ.has(key)) remark(reading, path, `"healthcheck.${key}" is not taken over`);
  if (command === undefined || saysYes(reading, fieldOf(field, 'disable'))) return undefined;
  const seconds = (key: string, usual: number): number => {
    const own = fieldOf(field, key);
    const text = textOf(reading, own);
    const found = text === undefined ? undefined : secondsOf(text);
    if (own !== undefined && text !== undefined && found === undefined)
      remark(reading, own.path, `${quote(text)} is not a duration, so it is left out`);
    return found ?? usual;
  };
  const retries = Number(textOf(reading, fieldOf(field, 'retries')) ?? 3);
  if (needsShell(command)) {
    remark(
      reading,
      field.path,
      'the healthcheck names a variable, which only a shell fills, so it is left out',
      {
        remedy: 'write it as CMD-SHELL',
      },
    );
    return undefined;
  }
  return {
    command,
    period: seconds('interval', 30),
    timeout: seconds('timeout', 30),
    failures: Number.isInteger(retries) && retries > 0 ? retries : 3,
    start: seconds('start_period', 0),
  };
}

/** Kubernetes fills no variables into the command of a probe. */
function needsShell(command: readonly (readonly Part[])[]): boolean {
  const isShell =
    command[0]?.some(part => 'text' in part && /(?:^|\/)(?:ba|da)?sh$/.test(part.text)) === true;
  return !isShell && command.flat().some(part => 'variable' in part);
}

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md#healthcheck */
function testOf(field: Field | undefined, reading: Reading): readonly (readonly Part[])[] | undefined {
  if (field === undefined) return undefined;
  const isShell = !Array.isArray(field.value);
  const [kind, ...words] = isShell
    ? ['CMD-SHELL', field]
    : [textOf(reading, itemsOf(field)[0]) ?? '', ...itemsOf(field).slice(1)];
  if (kind === 'NONE') return undefined;
  const parts = partsOfWords(words, reading);
  if (kind === 'CMD-SHELL') return [[{ text: '/bin/sh' }], [{ text: '-c' }], ...parts];
  if (kind === 'CMD') return nonEmpty(parts);
  remark(reading, field.path, `${quote(kind)} is not CMD, CMD-SHELL or NONE, so the healthcheck is left out`);
  return undefined;
}
