import { anyOf, discriminator, ifThenElse, oneOf } from './branch-keywords.ts';
import type { Extent, Judging, Keyword } from './judging.ts';
import { ANY, type Fault, LISTS, LISTS_AS_A_WHOLE, MAPS, NUMBERS, TEXTS } from './keywords.ts';
import {
  additionalProperties,
  dependencies,
  items,
  properties,
  propertyNames,
  required,
} from './member-keywords.ts';
import { type Position, type Schema, type SchemaError, schemaError } from './schema-error.ts';

/**
 * Everything in which a value differs from a schema, in the order and with the words of ajv, to which a test holds it. Our schemas are
 * read as they are: ajv writes a program for each and compiles it, which takes longer than to judge a file by it.
 * (https://json-schema.org/draft-07/json-schema-validation)
 */
export function schemaErrors(schema: Schema, data: unknown, extent: Extent): readonly SchemaError[] {
  return judged({ schema, data, parent: undefined, key: undefined, within: '' }, extent);
}

function judged(position: Position, extent: Extent): readonly SchemaError[] {
  const judging = new Errors(extent);
  judge(position, judging);
  return judging.found;
}

class Errors implements Judging {
  readonly found: SchemaError[] = [];
  readonly #extent: Extent;
  constructor(extent: Extent) {
    this.#extent = extent;
  }
  get areEnough(): boolean {
    return this.#extent === 'first' && this.found.length > 0;
  }
  add(position: Position, keyword: string, { message, params }: NonNullable<Fault>): void {
    if (!this.areEnough) this.found.push(schemaError(position, keyword, message, params));
  }
  addAll(
    position: Position,
    keyword: string,
    found: readonly SchemaError[],
    fault: NonNullable<Fault>,
  ): void {
    for (const error of found) this.found.push(error);
    this.found.push(schemaError(position, keyword, fault.message, fault.params));
  }
  judge(position: Position): void {
    judge(position, this);
  }
  separately(position: Position): readonly SchemaError[] {
    return judged(position, this.#extent);
  }
  holds(position: Position): boolean {
    return judged(position, 'first').length === 0;
  }
}

/** All keywords that a schema may have besides its texts, by the type that they look at, in ajv's order. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Keyword>>>> = {
  number: ofOneValue(NUMBERS),
  string: ofOneValue(TEXTS),
  any: { ...ofOneValue(ANY), anyOf, oneOf, if: ifThenElse },
  array: { ...ofOneValue(LISTS), items, ...ofOneValue(LISTS_AS_A_WHOLE) },
  object: {
    ...ofOneValue(MAPS),
    required,
    propertyNames,
    additionalProperties,
    dependencies,
    properties,
    discriminator,
  },
};

/** What a schema may contain; anything else would be ignored. */
export const KNOWN_KEYWORDS: ReadonlySet<string> = new Set([
  ...Object.values(GROUPS).flatMap(group => Object.keys(group)),
  ...['type', 'then', 'else', '$schema', '$id', 'title', 'description'],
]);

function judge(position: Position, judging: Judging): void {
  const { schema, data } = position;
  const type = typeOf(data);
  const wrong = wrongType(schema['type'], data);
  // A wrong type is reported where its own keywords would be, if there are any, and before all others if not.
  const reportedIn = wrong && groupOf(schema);
  if (wrong !== undefined && reportedIn === undefined) judging.add(position, 'type', wrong);
  for (const { name, keywords } of groupsOf(schema)) {
    if (judging.areEnough) return;
    if (name === 'any' || name === type) judgeBy(keywords, position, judging);
    else if (wrong !== undefined && reportedIn === name) judging.add(position, 'type', wrong);
  }
}

function judgeBy(keywords: readonly Keyword[], position: Position, judging: Judging): void {
  for (const keyword of keywords) {
    if (judging.areEnough) return;
    keyword(position, judging);
  }
}

interface Group {
  readonly name: string;
  readonly keywords: readonly Keyword[];
}

/** Few of the keywords are in a schema, by which thousands of values are judged. */
const knownGroups = new WeakMap<Schema, readonly Group[]>();

/** The keywords that a schema has, by the type that they look at; a group without any is where a wrong type is reported. */
function groupsOf(schema: Schema): readonly Group[] {
  const known = knownGroups.get(schema);
  if (known !== undefined) return known;
  const groups = Object.entries(GROUPS).map(([name, group]) => ({
    name,
    keywords: Object.keys(group).flatMap(keyword =>
      schema[keyword] === undefined ? [] : (group[keyword] ?? []),
    ),
  }));
  knownGroups.set(schema, groups);
  return groups;
}

/** The group of keywords for the one type of a schema, if it has one of them; whole numbers have no group of their own. */
function groupOf({ type, ...keywords }: Schema): string | undefined {
  if (typeof type !== 'string') return undefined;
  return Object.keys(GROUPS[type] ?? {}).some(keyword => keywords[keyword] !== undefined) ? type : undefined;
}

function wrongType(type: unknown, data: unknown): Fault {
  if (type === undefined || [type].flat().some(one => isOfType(one, data))) return undefined;
  return { message: `must be ${[type].flat().join(',')}`, params: { type } };
}

function isOfType(type: unknown, data: unknown): boolean {
  return type === 'integer' ? Number.isInteger(data) : type === typeOf(data);
}

function typeOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  return typeof data === 'number' && !Number.isFinite(data) ? 'not a number' : typeof data;
}

function ofOneValue(
  keywords: Readonly<Record<string, (data: never, limit: never) => Fault>>,
): Record<string, Keyword> {
  const judged = Object.entries(keywords).map(([keyword, look]): [string, Keyword] => [
    keyword,
    (position, judging) => {
      const fault = look(position.data as never, position.schema[keyword] as never);
      if (fault !== undefined) judging.add(position, keyword, fault);
    },
  ]);
  return Object.fromEntries(judged);
}
