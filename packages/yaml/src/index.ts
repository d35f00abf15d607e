export { type DuplicateKey, nodeAt, setOwn, toJson, type YamlDocument } from './document.ts';
export type { YamlErrorCode } from './error-codes.ts';
export type { Span, YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts';
export { parseDocument, parseDocuments } from './parse.ts';
export { resolvePlain, type ScalarValue } from './scalar.ts';
export { parseSection, type Section, sectionsOf } from './sections.ts';
export { Splice } from './splice.ts';
export { type CommentsByPointer, stringifyYaml, type ValueComments } from './stringify.ts';
export { decodeText } from './text.ts';
