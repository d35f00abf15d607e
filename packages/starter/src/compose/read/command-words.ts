import { formatPointer } from '@slipway/core';
import { withoutSecrets } from './command-secrets.ts';
import type { Field } from './fields.ts';
import { interpolate, type Part, type Settings, shownText } from './interpolate.ts';
import { partsOf, type Reading, remark } from './reading.ts';

/** Words with their variables, and a variable for each part that looks like a secret, of which a remark names the line. */
export function partsOfWords(words: readonly Field[], reading: Reading): readonly (readonly Part[])[] {
  const read = words.flatMap(field => {
    const parts = partsOf(reading, field);
    return parts === undefined ? [] : [{ field, parts }];
  });
  const shown = withoutSecrets(
    read.map(({ parts }) => parts),
    reading.literals,
  );
  const hidden = read.filter(({ field }, at) => isHidden(field, shown[at] ?? [], reading.settings));
  // The words of a text are all at its line.
  for (const path of new Map(hidden.map(({ field: { path } }) => [formatPointer(path), path])).values())
    remark(reading, path, 'a word of the command looks like a secret, and was copied nowhere', {
      kind: 'secret',
      remedy: 'replace it, and store it as config/secrets.yaml says',
    });
  return shown;
}

function isHidden({ value }: Field, parts: readonly Part[], settings: Settings): boolean {
  return shownText(parts) !== shownText(interpolate(String(value), settings));
}
