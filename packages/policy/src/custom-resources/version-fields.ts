import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import { findField } from './field-path.ts';
import { inside, listOf, type Report } from './report.ts';

const COLUMN_TYPES = ['integer', 'number', 'string', 'boolean', 'date'];
const COLUMN_FORMATS = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];
const MAX_SELECTABLE = 8;

/** What an API server requires of a version beside its schema. */
export function checkVersion(version: JsonObject, report: Report): void {
  checkDeprecation(version, report);
  checkScale(inside(version['subresources'])['scale'], report);
  for (const [index, column] of listOf(version['additionalPrinterColumns']).entries())
    checkColumn(inside(column), ['additionalPrinterColumns', index], report);
  checkSelectableFields(version, report);
}

const MAX_WARNING = 256;
/** What Go's unicode.IsPrint takes. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

function checkDeprecation({ deprecated, deprecationWarning: text }: JsonObject, report: Report): void {
  const at = ['deprecationWarning'];
  if (typeof text !== 'string') return;
  if (deprecated !== true) report('deprecationWarning needs "deprecated: true"', at);
  if (text === '' || Buffer.byteLength(text) > MAX_WARNING || !PRINTABLE.test(text))
    report(`deprecationWarning must be 1 to ${MAX_WARNING} printable characters`, at);
}

function checkScale(scale: JsonValue | undefined, report: Report): void {
  if (!isJsonObject(scale)) return;
  const starts = {
    specReplicasPath: ['.spec.'],
    statusReplicasPath: ['.status.'],
    labelSelectorPath: ['.spec.', '.status.'],
  };
  for (const [field, allowed] of Object.entries(starts)) {
    const path = scale[field] ?? '';
    if (path === '' && field === 'labelSelectorPath') continue;
    if (!allowed.some(start => String(path).startsWith(start)))
      report(`${field} must start with ${allowed.join(' or ')}`, ['subresources', 'scale', field]);
  }
}

function checkColumn({ name, type, format, jsonPath }: JsonObject, at: Path, report: Report): void {
  if (name === '') report('a column needs a name', [...at, 'name']);
  if (!COLUMN_TYPES.includes(String(type)))
    report(`type must be one of ${COLUMN_TYPES.join(', ')}`, [...at, 'type']);
  if (typeof format === 'string' && format !== '' && !COLUMN_FORMATS.includes(format))
    report(`format must be one of ${COLUMN_FORMATS.join(', ')}`, [...at, 'format']);
  if (!String(jsonPath).startsWith('.')) report('jsonPath must start with a dot', [...at, 'jsonPath']);
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#crd-selectable-fields */
function checkSelectableFields(version: JsonObject, report: Report): void {
  const paths = listOf(version['selectableFields']).map(field => inside(field)['jsonPath']);
  const schema = inside(inside(version['schema'])['openAPIV3Schema']);
  const seen = new Set<string>();
  for (const [index, path] of paths.entries()) {
    const at = ['selectableFields', index, 'jsonPath'];
    const field = typeof path === 'string' && !path.includes('[') ? findField(path, schema) : undefined;
    if (path === '' || field === undefined || field.path[0] === 'metadata')
      report('jsonPath must lead to a field of the schema outside of metadata', at);
    else if (!['string', 'boolean', 'integer'].includes(String(field.schema['type'])))
      report('jsonPath must lead to text, a boolean or an integer', at);
    if (seen.has(String(path))) report('an earlier item is the same', at);
    seen.add(String(path));
  }
  if (seen.size > MAX_SELECTABLE)
    report(`at most ${MAX_SELECTABLE} fields can be selectable`, ['selectableFields']);
}

/**
 * What all versions have alike, the server moves out of them before it looks at selectable fields, for which it then misses the schema
 * beside them: either both are alike in all versions, or neither is.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apis/apiextensions/v1/conversion.go
 */
export function checkSelectableTogether(versions: readonly JsonObject[], report: Report): void {
  const isAlike = (field: string, form: (value: JsonValue) => JsonValue): boolean =>
    new Set(versions.map(version => canonicalJson(form(version[field] ?? null)))).size === 1;
  const isSelectableAlike = isAlike('selectableFields', withoutUnset);
  const at = (index: number): Path => ['spec', 'versions', index, 'selectableFields'];
  for (const [index, version] of versions.entries()) {
    if (listOf(version['selectableFields']).length === 0) continue;
    if (!isSelectableAlike && isAlike('schema', schema => schema))
      report('versions with the same schema need the same selectableFields', at(index));
    if (isSelectableAlike && !isAlike('schema', withoutUnset))
      report('versions with the same selectableFields need the same schema', at(index));
  }
}

/** Go does not tell these from nothing. */
function withoutUnset(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(withoutUnset);
  if (!isJsonObject(value)) return value === false || value === '' ? null : value;
  const set = Object.entries(value).flatMap(([key, item]) => {
    const kept = withoutUnset(item as JsonValue);
    return kept === null ? [] : [[key, kept] as const];
  });
  return set.length === 0 ? null : Object.fromEntries(set);
}
