import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { inside, listOf, type Report } from './report.ts';

interface Form {
  readonly words: readonly string[];
  readonly what: string;
  fits(value: JsonValue): boolean;
}

const isText = (value: JsonValue): boolean => typeof value === 'string';
const isBoolean = (value: JsonValue): boolean => typeof value === 'boolean';
const isNumber = (value: JsonValue): boolean => typeof value === 'number' || typeof value === 'bigint';
const isList = (value: JsonValue): boolean => Array.isArray(value);
const isListOf =
  (fits: (item: JsonValue) => boolean) =>
  (value: JsonValue): boolean =>
    Array.isArray(value) && value.every((item: JsonValue) => item === null || fits(item));

/** The published schema leaves open what is below `items` and `additionalProperties`, which an API server reads all the same. */
const FORMS: readonly Form[] = [
  {
    words: [
      'id',
      '$schema',
      '$ref',
      'description',
      'type',
      'format',
      'title',
      'pattern',
      'x-kubernetes-list-type',
      'x-kubernetes-map-type',
    ],
    what: 'text',
    fits: isText,
  },
  {
    words: [
      ...[
        'exclusiveMaximum',
        'exclusiveMinimum',
        'uniqueItems',
        'nullable',
        'x-kubernetes-preserve-unknown-fields',
      ],
      ...['x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'],
    ],
    what: 'true or false',
    fits: isBoolean,
  },
  { words: ['maximum', 'minimum', 'multipleOf'], what: 'a number', fits: isNumber },
  {
    words: ['maxLength', 'minLength', 'maxItems', 'minItems', 'maxProperties', 'minProperties'],
    what: 'an integer',
    fits: value => typeof value === 'bigint' || Number.isInteger(value),
  },
  { words: ['required', 'x-kubernetes-list-map-keys'], what: 'a list of texts', fits: isListOf(isText) },
  { words: ['enum'], what: 'a list', fits: isList },
  {
    words: ['allOf', 'anyOf', 'oneOf', 'x-kubernetes-validations'],
    what: 'a list of maps',
    fits: isListOf(isJsonObject),
  },
  {
    words: ['properties', 'patternProperties', 'definitions', 'dependencies', 'externalDocs', 'not'],
    what: 'a map',
    fits: isJsonObject,
  },
  {
    words: ['additionalProperties', 'additionalItems'],
    what: 'a schema, true or false',
    fits: value => isBoolean(value) || isJsonObject(value),
  },
];

/** Those that have a value of any type, or are looked at by the schema's type. */
const OTHERS = ['default', 'example', 'items'];
const KEYWORDS: ReadonlySet<string> = new Set([...FORMS.flatMap(({ words }) => words), ...OTHERS]);

export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

const RULE_FORMS: readonly Form[] = [
  { words: ['rule', 'message', 'messageExpression', 'reason', 'fieldPath'], what: 'text', fits: isText },
  { words: ['optionalOldSelf'], what: 'true or false', fits: isBoolean },
];

/** Keywords of one schema whose values have another type. */
export function checkKeywordTypes(schema: JsonObject, report: Report): void {
  checkForms(schema, FORMS, report);
  for (const [name, property] of Object.entries(inside(schema['properties'])))
    if (property !== null && !isJsonObject(property))
      report('a property must be a schema', ['properties', name]);
  for (const [index, rule] of listOf(schema['x-kubernetes-validations']).entries())
    checkForms(inside(rule), RULE_FORMS, (message, path) =>
      report(message, ['x-kubernetes-validations', index, ...path]),
    );
}

function checkForms(map: JsonObject, forms: readonly Form[], report: Report): void {
  for (const { words, what, fits } of forms)
    for (const word of words) {
      const value = map[word] ?? null;
      if (value !== null && !fits(value)) report(`${word} must be ${what}`, [word]);
    }
}
