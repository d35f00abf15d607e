import { formatPointer, type JsonObject, type JsonValue } from '@slipway/core';
import { stringifyYaml, type ValueComments } from '@slipway/yaml';
import { guessed } from '../written/application-yaml.ts';

/** A value that is a guess. */
export class Marked {
  readonly value: JsonValue;
  /** One line. */
  readonly why: string;

  constructor(value: JsonValue, why: string) {
    this.value = value;
    this.why = why;
  }
}

/** Values with guesses among them; fields that are undefined are left out. */
export type MarkedValue = JsonValue | Marked | readonly MarkedValue[] | MarkedObject;
export interface MarkedObject {
  readonly [key: string]: MarkedValue | undefined;
}

/** The value itself if there is no reason to doubt it. */
export function marked(value: JsonValue, why: string | undefined): JsonValue | Marked {
  return why === undefined ? value : new Marked(value, why);
}

/** Documents of one file, with a comment for each guess. */
export function markedYaml(documents: readonly MarkedObject[]): string {
  return documents
    .map(document => {
      const comments = new Map<string, ValueComments>();
      return stringifyYaml(plain(document, [], comments), comments);
    })
    .join('---\n');
}

type Path = readonly (string | number)[];

function plain(value: MarkedValue, path: Path, comments: Map<string, ValueComments>): JsonValue {
  if (value instanceof Marked) {
    comments.set(formatPointer([...path]), guessed(value.why));
    return value.value;
  }
  if (Array.isArray(value))
    return value.map((item, index) => plain(item as MarkedValue, [...path, index], comments));
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const entries = Object.entries(value as MarkedObject).flatMap(([key, inner]): [string, JsonValue][] =>
    inner === undefined ? [] : [[key, plain(inner, [...path, key], comments)]],
  );
  return Object.fromEntries(entries) as JsonObject;
}
