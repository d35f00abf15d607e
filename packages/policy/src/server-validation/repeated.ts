import type { Path } from '@slipway/core';
import { fieldName } from '../schemas/validate.ts';
import type { Refusal } from './refusal.ts';

/** One of several values that must differ. */
interface Keyed {
  /** What it is compared by; undefined for one that is not compared. */
  readonly key: string | undefined;
  readonly path: Path;
}

/** Each value that an earlier one has too. */
export function repeated(values: readonly Keyed[], what: string): Refusal[] {
  const first = new Map<string, Path>();
  return values.flatMap(({ key, path }): Refusal[] => {
    if (key === undefined || key === '') return [];
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      {
        rule: 'schema/duplicate-item',
        message: `${fieldName(path)} is the same ${what} as ${fieldName(other)}`,
        fix: 'remove one of the two, or correct it',
        path,
        other,
      },
    ];
  });
}
