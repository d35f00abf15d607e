import { formatPointer } from '../json.ts';

/** A JSON Schema as our formats write them: draft 7 without references. */
export type Schema = Readonly<Record<string, unknown>>;

/** One rule that a value breaks, with the words and fields of ajv, the validator that editors use. */
export interface SchemaError {
  readonly keyword: string;
  /** Where the value is, as an RFC 6901 pointer. */
  readonly instancePath: string;
  /** Where the rule is, such as `#/properties/spec/anyOf/0/type`. */
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key of the object at `instancePath` that is meant, for a rule of `propertyNames`. */
  readonly propertyName?: string;
  readonly message: string;
  /** What the schema says for the keyword. */
  readonly schema: unknown;
  readonly parentSchema: Schema;
  readonly data: unknown;
}

/** What a value is judged by, and where both are; the paths are only put together for an error. */
export interface Position {
  readonly schema: Schema;
  readonly data: unknown;
  readonly parent: Position | undefined;
  /** The step from the parent to the value; undefined for another schema of the same value. */
  readonly key: string | number | undefined;
  /** The steps from the schema of the parent to this one. */
  readonly within: string;
  readonly propertyName?: string;
}

export function schemaError(
  position: Position,
  keyword: string,
  message: string,
  params: SchemaError['params'] = {},
): SchemaError {
  const { schema, data } = position;
  const named = positionsTo(position).findLast(({ propertyName }) => propertyName !== undefined);
  return {
    keyword,
    instancePath: instancePath(position),
    schemaPath: `${schemaPath(position)}/${keyword}`,
    params,
    ...(named?.propertyName === undefined ? {} : { propertyName: named.propertyName }),
    message,
    schema: schema[keyword],
    parentSchema: schema,
    data,
  };
}

function instancePath(position: Position): string {
  return formatPointer(positionsTo(position).flatMap(({ key }) => key ?? []));
}

function schemaPath(position: Position): string {
  return `#${positionsTo(position)
    .map(({ within }) => within)
    .join('')}`;
}

/** From the root down. */
function positionsTo(position: Position): Position[] {
  const positions: Position[] = [];
  for (let at: Position | undefined = position; at !== undefined; at = at.parent) positions.push(at);
  return positions.reverse();
}
