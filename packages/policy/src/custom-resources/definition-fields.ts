import {
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  quote,
} from '@slipway/core';
import { nameForms } from '@slipway/kubernetes';
import { checkConversion } from './conversion.ts';
import { inside, listOf, type Report } from './report.ts';
import { checkSelectableTogether } from './version-fields.ts';

/** What an API server requires of a definition beside its versions' schemas. Missing fields are for the definition's own schema. */
export function checkDefinitionFields(definition: JsonObject, report: Report): void {
  const spec = inside(definition['spec']);
  const names = inside(spec['names']);
  const metadata = inside(definition['metadata']);
  const expected = `${String(names['plural'])}.${String(spec['group'])}`;
  if (metadata['name'] !== expected)
    report(`the name must be ${quote(expected)}: names.plural, a dot, and the group`, ['metadata', 'name']);
  checkGroup(spec, metadata, report);
  if (!['Cluster', 'Namespaced'].includes(String(spec['scope'])))
    report('scope must be Cluster or Namespaced', ['spec', 'scope']);
  if (spec['preserveUnknownFields'] === true)
    report('preserveUnknownFields must not be true', ['spec', 'preserveUnknownFields']);
  checkNames(names, report);
  checkVersionNames(spec['versions'], report);
  checkStatusRoots(spec['versions'], report);
  checkSelectableTogether(listOf(spec['versions']).map(inside), report);
  if (isJsonObject(spec['conversion'])) checkConversion(spec['conversion'], report);
}

const APPROVED = 'api-approved.kubernetes.io';

/** https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apihelpers/helpers.go */
function checkGroup({ group }: JsonObject, metadata: JsonObject, report: Report): void {
  const name = String(group ?? '');
  const path = ['spec', 'group'];
  if (nameForms.dns1123Subdomain.validate(name).length > 0 || !name.includes('.'))
    report('group must be a name of DNS with at least one dot', path);
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(name)) return;
  const approval = String(inside(metadata['annotations'])[APPROVED] ?? '');
  if (!approval.startsWith('unapproved') && !isUrl(approval))
    report(
      `a group of Kubernetes' own needs the annotation ${APPROVED}: the URL of its approval, or "unapproved"`,
      path,
    );
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(text) && URL.canParse(text);
}

function checkNames(names: JsonObject, report: Report): void {
  const kind = String(names['kind'] ?? '');
  const checkOne = (value: JsonValue | undefined, path: Path): void => {
    const [problem] = nameForms.dns1035Label.validate(String(value));
    if (problem !== undefined)
      report(`the name must be ${problem.replace(/^a /, 'a ')}`, ['spec', 'names', ...path]);
  };
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const text = names[field];
    const isOptional = field === 'singular' || field === 'listKind';
    if (isOptional && (text === undefined || text === '')) continue;
    checkOne(/kind$/i.test(field) ? String(text).toLowerCase() : text, [field]);
  }
  // What is left out is made from the kind.
  if (names['listKind'] === undefined && kind.length + 'List'.length > MAX_LABEL)
    report(`kind must be at most ${MAX_LABEL - 'List'.length} characters without listKind`, [
      'spec',
      'names',
      'kind',
    ]);
  if (kind !== '' && names['listKind'] === kind)
    report('listKind must not be the same as kind', ['spec', 'names', 'listKind']);
  for (const field of ['shortNames', 'categories'])
    for (const [index, name] of listOf(names[field]).entries()) checkOne(name, [field, index]);
}

const MAX_LABEL = 63;

function checkVersionNames(value: JsonValue | undefined, report: Report): void {
  const versions = listOf(value);
  const names = versions.map(version => String(inside(version)['name'] ?? ''));
  for (const [index, name] of names.entries()) {
    const path = ['spec', 'versions', index, 'name'];
    if (nameForms.dns1035Label.validate(name).length > 0)
      report('the name of a version must be letters of lower case, digits and dashes, such as v1', path);
    if (names.indexOf(name) < index) report('an earlier version has the same name', path);
  }
  const stored = versions.filter(version => inside(version)['storage'] === true);
  if (stored.length !== 1) report('exactly one version must have "storage: true"', ['spec', 'versions']);
}

/** Words that a root may have if the status has a path of its own, beside those of its type. */
const AT_ROOTS = new Set([
  ...['description', 'type', 'format', 'title', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...[
    'maxLength',
    'minLength',
    'pattern',
    'maxItems',
    'minItems',
    'uniqueItems',
    'multipleOf',
    'required',
    'items',
  ],
  ...[
    'properties',
    'externalDocs',
    'example',
    'x-kubernetes-preserve-unknown-fields',
    'x-kubernetes-validations',
  ],
]);

/** Where all versions have one schema, the status of one counts for all. */
function checkStatusRoots(value: JsonValue | undefined, report: Report): void {
  const versions = listOf(value).map(inside);
  const texts = new Set(versions.map(({ schema }) => canonicalJson(schema ?? null)));
  const hasStatus = (version: JsonObject): boolean => isJsonObject(inside(version['subresources'])['status']);
  for (const [index, version] of versions.entries()) {
    if (!(texts.size === 1 ? versions.some(hasStatus) : hasStatus(version))) continue;
    const root = inside(inside(version['schema'])['openAPIV3Schema']);
    for (const [word, set] of Object.entries(root))
      if (!AT_ROOTS.has(word) && !isUnset(word, set as JsonValue))
        report(`the root of a schema must not have ${word} beside the subresource status`, [
          ...['spec', 'versions', index, 'schema', 'openAPIV3Schema', word],
        ]);
  }
}

/** An empty default is one; of other words, Go does not tell false and an empty text from nothing. */
function isUnset(word: string, value: JsonValue): boolean {
  return value === null || (word !== 'default' && (value === false || value === ''));
}
