export type YamlErrorCode =
  | 'yaml-encoding'
  | 'yaml-syntax'
  | 'yaml-value'
  | 'yaml-key'
  | 'yaml-alias'
  | 'yaml-depth'
  | 'yaml-documents';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const yamlErrors: Record<YamlErrorCode, string> = {
  'yaml-encoding':
    'The file is not UTF-8 text: it is UTF-16, holds NUL bytes or bytes that are no text. Save it as UTF-8.',
  'yaml-syntax':
    'The file is not YAML at the given place. Mend the line; the message says what the parser expected.',
  'yaml-value':
    'A value cannot be said in JSON, which is all that Kubernetes understands, or contradicts its own tag. Put it in quotes or write another value.',
  'yaml-key': 'A key of a map is not text: null, a list or a map. Write a plain text key.',
  'yaml-alias':
    'An alias (*name) has no anchor before it, stands inside its own anchor, or the aliases together repeat more than a manifest ever needs. Write the value out.',
  'yaml-depth': 'Lists and maps are nested deeper than any manifest needs. Flatten the document.',
  'yaml-documents': 'The file holds no document, or several where one is expected. Keep one document in it.',
};
