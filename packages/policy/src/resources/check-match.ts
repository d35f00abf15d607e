import type { Path } from '@slipway/core';
import { pathSegmentProblems } from '@slipway/kubernetes';
import { checkSelector } from './check-selector.ts';
import type { Form } from './form.ts';
import type { MatchResources, ResourceRule } from './types.ts';

const OPERATIONS = ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const MATCH_POLICIES = ['Exact', 'Equivalent'];

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/admissionregistration/validation/validation.go#L886 */
export function checkMatchResources(
  { namespaceSelector, objectSelector, matchPolicy, ...lists }: MatchResources,
  path: Path,
  form: Form,
): void {
  form.word([...path, 'matchPolicy'], matchPolicy, MATCH_POLICIES);
  for (const [name, selector] of Object.entries({ namespaceSelector, objectSelector }))
    if (selector !== undefined) checkSelector(selector, [...path, name], form);
  for (const name of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [index, rule] of (lists[name] ?? []).entries()) checkRule(rule, [...path, name, index], form);
}

function checkRule(rule: ResourceRule, path: Path, form: Form): void {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], resourceNames = [] } = rule;
  if (
    form.present(
      [...path, 'operations'],
      operations,
      'list CREATE, UPDATE, DELETE or CONNECT, or "*" for all',
    )
  )
    checkWords(operations, [...path, 'operations'], form);
  for (const [index, operation] of operations.entries())
    form.word([...path, 'operations', index], operation, OPERATIONS);
  if (form.present([...path, 'apiGroups'], apiGroups, 'list groups, "" for the core group, or "*" for all'))
    checkWords(apiGroups, [...path, 'apiGroups'], form);
  if (form.present([...path, 'apiVersions'], apiVersions, 'list versions such as v1, or "*" for all'))
    checkWords(apiVersions, [...path, 'apiVersions'], form);
  for (const [index, version] of apiVersions.entries())
    if (version === '') form.add([...path, 'apiVersions', index], 'is empty', 'name a version, or remove it');
  if (form.present([...path, 'resources'], resources, 'list resources such as pods, or "*" for all'))
    checkResources(resources, [...path, 'resources'], form);
  form.word([...path, 'scope'], rule.scope, SCOPES);
  for (const [index, name] of resourceNames.entries())
    form.text([...path, 'resourceNames', index], pathSegmentProblems(name));
  const repeated = resourceNames.findIndex((name, index) => resourceNames.indexOf(name) < index);
  if (repeated >= 0) form.add([...path, 'resourceNames', repeated], 'is a duplicate', 'remove it');
}

/** An asterisk stands for all, so that nothing may be beside it. */
function checkWords(words: readonly string[], path: Path, form: Form): void {
  if (words.length > 1 && words.includes('*'))
    form.add(
      path,
      'must have nothing beside "*", which stands for all',
      'remove the others, or the asterisk',
    );
}

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/admissionregistration/validation/validation.go#L59 */
function checkResources(resources: readonly string[], path: Path, form: Form): void {
  const [ofResource, ofSubresource] = [new Set<string>(), new Set<string>()];
  for (const [index, entry] of resources.entries()) {
    const at = [...path, index];
    if (entry === '') form.add(at, 'is empty', 'name a resource, or remove it');
    const slash = entry.indexOf('/');
    if (slash < 0) continue;
    const [resource, subresource] = [entry.slice(0, slash), entry.slice(slash + 1)];
    if (ofResource.has(resource)) form.add(at, `is covered by "${resource}/*" before it`, 'remove it');
    if (ofSubresource.has(subresource))
      form.add(at, `is covered by "*/${subresource}" before it`, 'remove it');
    if (subresource === '*') ofResource.add(resource);
    if (resource === '*') ofSubresource.add(subresource);
  }
  checkAsterisks(resources, path, form);
}

function checkAsterisks(resources: readonly string[], path: Path, form: Form): void {
  if (resources.length > 1 && resources.includes('*/*'))
    form.add(path, 'must have nothing beside "*/*", which stands for all', 'remove the others, or "*/*"');
  // Only the last entry without a subresource decides, which is how the API server happens to look at the list.
  const last = resources.findLast(entry => entry !== '' && !entry.includes('/'));
  if (resources.includes('*') && last !== '*')
    form.add(path, 'must have no other resource beside "*"', 'remove the others, or the asterisk');
}
