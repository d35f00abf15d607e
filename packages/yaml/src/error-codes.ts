import type { ErrorEntry } from '@slipway/core';

export type YamlErrorCode =
  | 'yaml-encoding'
  | 'yaml-syntax'
  | 'yaml-value'
  | 'yaml-key'
  | 'yaml-alias'
  | 'yaml-depth'
  | 'yaml-documents';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const yamlErrors: Readonly<Record<YamlErrorCode, ErrorEntry>> = {
  'yaml-encoding': {
    symptom: 'yaml',
    example: '',
    cause: 'The file is not UTF-8 text.',
    remedy: 'It is UTF-16, holds NUL bytes or bytes that are no text. Save it as UTF-8.',
  },
  'yaml-syntax': {
    symptom: 'yaml',
    example: '',
    cause: 'The file is not YAML at the given place.',
    remedy: 'Mend the line; the message says what the parser expected.',
  },
  'yaml-value': {
    symptom: 'yaml',
    example: '',
    cause:
      'A value cannot be said in JSON, which is all that Kubernetes understands, or contradicts its own tag.',
    remedy: 'Put it in quotes or write another value.',
  },
  'yaml-key': {
    symptom: 'yaml',
    example: '',
    cause: 'A key of a map is not text.',
    remedy: 'Null, a list or a map. Write a plain text key.',
  },
  'yaml-alias': {
    symptom: 'yaml',
    example: '',
    cause:
      'An alias (*name) has no anchor before it, stands inside its own anchor, or the aliases together repeat more than a manifest ever needs.',
    remedy: 'Write the value out.',
  },
  'yaml-depth': {
    symptom: 'yaml',
    example: '',
    cause: 'Lists and maps are nested deeper than any manifest needs.',
    remedy: 'Flatten the document.',
  },
  'yaml-documents': {
    symptom: 'yaml',
    example: '',
    cause: 'The file holds no document, or several where one is expected.',
    remedy: 'Keep one document in it.',
  },
};
