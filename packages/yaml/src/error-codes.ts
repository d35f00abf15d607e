import type { ErrorEntry } from '@slipway/core';

export type YamlErrorCode =
  | 'yaml-encoding'
  | 'yaml-syntax'
  | 'yaml-value'
  | 'yaml-key'
  | 'yaml-alias'
  | 'yaml-depth'
  | 'yaml-documents'
  | 'key-duplicate';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const yamlErrors: Readonly<Record<YamlErrorCode, ErrorEntry>> = {
  'yaml-encoding': {
    symptom: 'yaml',
    example: 'the file contains a NUL character',
    cause: 'The file is not UTF-8 text: it is UTF-16, or it has NUL bytes or bytes that are not valid UTF-8.',
    remedy: 'Save the file as UTF-8.',
  },
  'yaml-syntax': {
    symptom: 'yaml',
    example: 'a placeholder between brackets or braces has no quotes',
    cause: 'The file is not YAML at this position, or not in a way that all parsers read alike.',
    remedy: 'Fix the line; the message says what the parser expected there.',
  },
  'yaml-value': {
    symptom: 'yaml',
    example: '".inf" is not a number that JSON can write',
    cause:
      'Kubernetes understands only values that JSON can express. The value is not one of them, or it contradicts its own tag (`!!int`, `!!bool` …).',
    remedy: 'Put the value in quotes if it is text, or write another value.',
  },
  'yaml-key': {
    symptom: 'yaml',
    example: 'null cannot be a key',
    cause: 'A key of a map is null, a list or a map, or parsers disagree about where it ends.',
    remedy: 'Write the key as plain text, in quotes if needed.',
  },
  'yaml-alias': {
    symptom: 'yaml',
    example: 'no anchor &defaults comes before this alias',
    cause:
      'An alias (`*name`) has no anchor (`&name`) before it, is inside its own anchor, or the aliases of the file together repeat more than a manifest ever needs.',
    remedy: 'Write the value out.',
  },
  'yaml-depth': {
    symptom: 'yaml',
    example: 'lists and maps are nested too deeply',
    cause: 'Lists and maps are nested deeper than any manifest needs.',
    remedy: 'Flatten the document.',
  },
  'yaml-documents': {
    symptom: 'yaml',
    example: 'the file contains a second document',
    cause: 'The file is empty, or it contains several documents where one is expected.',
    remedy: 'Keep exactly one document in the file.',
  },
  'key-duplicate': {
    symptom: 'format',
    example: 'the key "image" appears twice in this map (first at stencils/api.yaml:12:7)',
    cause: 'A map has the same key twice, and only the last one would count.',
    remedy: 'Remove one of them.',
  },
};
