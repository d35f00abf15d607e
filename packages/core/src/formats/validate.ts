import { type Problem, SlipwayError, throwIfAny } from '../errors.ts';
import { type JsonValue, parseJson, parsePointer, valueAt } from '../json.ts';
import type { Extent } from '../json-schema/judging.ts';
import type { Schema, SchemaError } from '../json-schema/schema-error.ts';
import { schemaErrors } from '../json-schema/schema-errors.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';

export type FormatErrorCode =
  | 'format-invalid'
  | 'format-unknown-field'
  | 'format-not-json'
  | 'format-name-mismatch';

/** A JSON Schema with the pieces that messages need. */
export interface FormatSchema {
  readonly $id: string;
  readonly title: string;
}

/** Step files up to this size are told all of their faults, in characters. */
const MAX_WHOLE_TEXT = 64 * 1024;

/** Everything in which a document differs from its format, with positions and the nearest right word; empty if it conforms. */
export function formatProblems(
  schema: FormatSchema,
  document: SourceDocument,
  extent: Extent = 'all',
): Problem<FormatErrorCode>[] {
  const found = schemaErrors(schema as unknown as Schema, document.value, extent);
  const errors = found.filter(error => !isConsequence(error, found));
  return dedupe(errors.map(error => ({ ...toProblem(error, document), subject: subjectOf(error) })));
}

/**
 * A branch that failed inside `anyOf` and the like is reported once, by the keyword around it (if a field says which branch is
 * meant there is no such keyword, and the branch is reported); an invalid name is reported by the rule that it breaks instead.
 */
function isConsequence(error: SchemaError, all: readonly SchemaError[]): boolean {
  const [, around] = /^(.*\/(?:anyOf|oneOf))\/\d+\//.exec(error.schemaPath) ?? [];
  return (
    (around !== undefined && all.some(({ schemaPath }) => schemaPath === around)) ||
    /\/if\//.test(error.schemaPath) ||
    error.keyword === 'if' ||
    error.keyword === 'propertyNames'
  );
}

function dedupe(problems: Problem<FormatErrorCode>[]): Problem<FormatErrorCode>[] {
  const seen = new Set<string>();
  return problems.filter(problem => {
    const key = JSON.stringify([problem.at, problem.message]);
    return !seen.has(key) && seen.add(key);
  });
}

function subjectOf({ instancePath, keyword, propertyName, params }: SchemaError): string {
  const property = propertyName ?? params['missingProperty'] ?? params['additionalProperty'] ?? '';
  return [instancePath, keyword, property].join(' ');
}

function toProblem(error: SchemaError, document: SourceDocument): Problem<FormatErrorCode> {
  const path = parsePointer(error.instancePath);
  const field = path.length === 0 ? 'the file' : quote(path.join('.'));
  const at = document.positionOf(path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(error.params['additionalProperty']);
      const known = Object.keys((error.parentSchema['properties'] ?? {}) as object);
      return unknownField(unknown, known, document, [...path, unknown]);
    }
    case 'required':
      return {
        code: 'format-invalid',
        at,
        message: `${field} lacks ${quote(String(error.params['missingProperty']))}`,
        remedy: 'add it',
      };
    case 'dependencies':
      return {
        code: 'format-invalid',
        at,
        message: `${field} has ${quote(String(error.params['property']))} without ${quote(String(error.params['missingProperty']))}`,
        remedy: 'add it',
      };
    case 'pattern':
      return {
        code: 'format-invalid',
        at: positionOfName(error, document, path),
        ...patternMessage(error, field, document, path),
      };
    case 'discriminator':
      return unknownBranch(error, document, path);
    default:
      return {
        code: 'format-invalid',
        at,
        message: `${field} ${constraintMessage(error)}`,
        ...remedyOf(error),
      };
  }
}

function unknownField(
  unknown: string,
  known: readonly string[],
  document: SourceDocument,
  path: readonly string[],
): Problem<FormatErrorCode> {
  const candidate = nearest(unknown, known);
  const remedy =
    candidate !== undefined
      ? `did you mean ${quote(candidate)}?`
      : known.length > 0
        ? `known here: ${known.join(', ')}`
        : 'remove it';
  return {
    code: 'format-unknown-field',
    at: document.keyPositionOf(path),
    message: `unknown field ${quote(unknown)}`,
    remedy,
  };
}

/** A problem of the field that says which branch is meant: it is missing, or its value is unknown. */
function unknownBranch(
  error: SchemaError,
  document: SourceDocument,
  path: readonly string[],
): Problem<FormatErrorCode> {
  const tag = String(error.params['tag']);
  const branches = error.parentSchema['oneOf'] as { properties: Record<string, { const: string }> }[];
  const known = branches.map(({ properties }) => properties[tag]?.const ?? '');
  if (error.params['tagValue'] === undefined)
    return {
      code: 'format-invalid',
      at: document.positionOf(path),
      message: `${quote(path.join('.'))} lacks ${quote(tag)}`,
      remedy: `add it: one of ${known.join(', ')}`,
    };
  const candidate = nearest(String(error.params['tagValue']), known);
  return {
    code: 'format-invalid',
    at: document.positionOf([...path, tag]),
    message: `${quote([...path, tag].join('.'))} must be one of ${known.join(', ')}`,
    ...(candidate === undefined ? {} : { remedy: `did you mean ${quote(candidate)}?` }),
  };
}

function positionOfName(error: SchemaError, document: SourceDocument, path: readonly string[]) {
  return error.propertyName === undefined
    ? document.positionOf(path)
    : document.keyPositionOf([...path, error.propertyName]);
}

function patternMessage(
  error: SchemaError,
  field: string,
  document: SourceDocument,
  path: readonly string[],
) {
  const name = error.propertyName ?? (error.params['propertyName'] as string | undefined);
  const text = name ?? String(valueAt(document.value, path));
  const rule = (error.parentSchema['description'] ?? error.schema) as string;
  const what =
    name === undefined
      ? `${field} is ${quote(text)}`
      : `${quote(text)} is not a name for an entry of ${field}`;
  return typeof rule === 'string' ? { message: what, remedy: `expected: ${rule}` } : { message: what };
}

function constraintMessage(error: SchemaError): string {
  switch (error.keyword) {
    case 'type':
      return `must be ${[error.params['type']]
        .flat()
        .map(type => typeInYaml(String(type)))
        .join(' or ')}`;
    case 'const':
      return `must be ${quote(String(error.params['allowedValue']))}`;
    case 'enum': {
      const allowed = error.params['allowedValues'] as unknown[];
      return allowed.length === 1 ? `must be ${String(allowed[0])}` : `must be one of ${allowed.join(', ')}`;
    }
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return `must have at least ${counted(error)}`;
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return `must have at most ${counted(error)}`;
    case 'minimum':
      return `is ${String(error.data)}, and must be at least ${String(error.params['limit'])}`;
    case 'maximum':
      return `is ${String(error.data)}, and must be at most ${String(error.params['limit'])}`;
    case 'exclusiveMinimum':
      return `is ${String(error.data)}, and must be more than ${String(error.params['limit'])}`;
    case 'uniqueItems':
      return `has ${quote(String(valueAt(error.data as JsonValue, [Number(error.params['i'])])))} twice`;
    default:
      return error.message;
  }
}

function counted({ keyword, params }: SchemaError): string {
  const limit = Number(params['limit']);
  const what = keyword.endsWith('Items') ? 'item' : keyword.endsWith('Length') ? 'character' : 'field';
  return `${limit} ${what}${limit === 1 ? '' : 's'}`;
}

/** What people call JSON Schema's types in YAML. */
function typeInYaml(type: string): string {
  return (
    {
      object: 'a map',
      array: 'a list',
      string: 'text',
      integer: 'a whole number',
      number: 'a number',
      boolean: 'true or false',
    }[type] ?? type
  );
}

function remedyOf(error: SchemaError): { remedy?: string } {
  const { keyword, params, data, parentSchema } = error;
  switch (keyword) {
    case 'type':
      return remedyOfType(error);
    case 'minProperties':
    case 'maxProperties':
      return typeof parentSchema['description'] === 'string'
        ? { remedy: `expected: ${parentSchema['description']}` }
        : {};
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return { remedy: `write ${rangeOf(parentSchema)}` };
    case 'uniqueItems':
      return { remedy: 'remove one of the two' };
    case 'enum': {
      const names = (params['allowedValues'] as unknown[]).map(String);
      const candidate = typeof data === 'string' ? nearest(data, names) : undefined;
      return candidate === undefined ? {} : { remedy: `did you mean ${quote(candidate)}?` };
    }
    default:
      return {};
  }
}

function remedyOfType({ params, data, instancePath }: SchemaError): { remedy?: string } {
  const { type } = params;
  if (typeof data === 'number' || typeof data === 'boolean')
    return type === 'string' ? { remedy: 'put it in quotes' } : rootRemedy(instancePath);
  if (type === 'integer' && typeof data === 'string' && /^\d+ ?%?$/.test(data))
    return { remedy: `write ${Number.parseInt(data, 10)}` };
  if (type === 'array' && typeof data === 'string')
    return {
      remedy: `write a list: [${/^[A-Za-z0-9][A-Za-z0-9_./-]*$/.test(data) ? data : JSON.stringify(data)}]`,
    };
  return rootRemedy(instancePath);
}

function rootRemedy(instancePath: string): { remedy?: string } {
  return instancePath === '' ? { remedy: 'see its schema for the fields that it takes' } : {};
}

/** What a number may be, as a remedy has it. */
function rangeOf({ type, minimum, maximum, exclusiveMinimum }: SchemaError['parentSchema']): string {
  const what = type === 'integer' ? 'a whole number' : 'a number';
  if (typeof exclusiveMinimum === 'number') return `${what} above ${exclusiveMinimum}`;
  if (typeof minimum !== 'number') return `${what} of ${String(maximum)} or less`;
  return typeof maximum === 'number'
    ? `${what} from ${minimum} to ${maximum}`
    : `${what} of ${minimum} or more`;
}

/** @throws SlipwayError with every problem of the document, or with the first */
export function checkFormat<Type>(
  schema: FormatSchema,
  document: SourceDocument,
  extent: Extent = 'all',
): Type {
  throwIfAny<FormatErrorCode>(formatProblems(schema, document, extent));
  return document.value as Type;
}

/**
 * Reads a file that a step of the pipeline wrote for another one.
 * @param name what messages call it: its path
 * @throws SlipwayError `format-not-json`, `format-invalid`, `format-unknown-field`
 */
export function parseStepFile<Type>(schema: FormatSchema, text: string, name: string): Type {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new SlipwayError<FormatErrorCode>(
      {
        code: 'format-not-json',
        message: `${quote(name)} is not JSON`,
        remedy: `let the step that writes ${schema.title} write it again`,
      },
      { cause },
    );
  }
  const start = { path: name, line: 1, column: 1 };
  const document = { path: name, index: 0, value, positionOf: () => start, keyPositionOf: () => start };
  return checkFormat<Type>(schema, document, text.length > MAX_WHOLE_TEXT ? 'first' : 'all');
}
