import {
  apiGroup,
  isNamespace,
  type LabelSelector,
  labelsOf,
  NAMESPACE_NAME,
  selectorKeys,
  selects,
} from '@slipway/kubernetes';
import type { MatchResources, ResourceRule } from '../resources/types.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { KindSchema } from '../schemas/schema.ts';
import type { AdmissionRequest } from './admission.ts';
import { isSameInBoth } from './equivalent.ts';

/** `unknown`: it depends on something that is not available here, which `subject` names. */
export type Match =
  /** `as`: the version of its kind that the rules name, if it is another one. */
  | { readonly verdict: 'yes' | 'no'; readonly as?: KindSchema }
  | { readonly verdict: 'unknown'; readonly subject: string };

const NONE: readonly ResourceRule[] = [];
const no: Match = { verdict: 'no' };
const yes: Match = { verdict: 'yes' };

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/matching/matching.go */
export function matchResources(criteria: MatchResources, request: AdmissionRequest, catalog: Catalog): Match {
  const namespace = matchNamespace(criteria.namespaceSelector, request);
  if (namespace.verdict === 'no') return no;
  if (!matchesObject(criteria.objectSelector, request)) return no;
  const excluded = matchRules(criteria.excludeResourceRules ?? NONE, criteria, request, catalog);
  if (excluded.verdict !== 'no') return excluded.verdict === 'yes' ? no : excluded;
  const rules = criteria.resourceRules ?? [];
  const matched = rules.length === 0 ? yes : matchRules(rules, criteria, request, catalog);
  if (matched.verdict !== 'yes') return matched;
  return namespace.verdict === 'yes' ? matched : namespace;
}

function matchNamespace(selector: LabelSelector | undefined, request: AdmissionRequest): Match {
  const keys = selectorKeys(selector);
  if (keys.length === 0) return yes;
  const isItself = isNamespace(request.kind);
  if (!isItself && !request.kind.namespaced) return yes;
  const known = isItself ? request.object : request.namespaceObject;
  if (known === undefined && keys.some(key => key !== NAMESPACE_NAME))
    return { verdict: 'unknown', subject: `the labels of namespace ${request.namespace}` };
  const labels = { ...(known === undefined ? {} : labelsOf(known)), [NAMESPACE_NAME]: request.namespace };
  return selects(selector, labels) ? yes : no;
}

function matchesObject(
  selector: LabelSelector | undefined,
  { object, oldObject }: AdmissionRequest,
): boolean {
  if (selectorKeys(selector).length === 0) return true;
  return (
    selects(selector, labelsOf(object)) || (oldObject !== undefined && selects(selector, labelsOf(oldObject)))
  );
}

/** Rules match all objects of a kind alike, unless they name some. */
const ofKinds = new WeakMap<readonly ResourceRule[], WeakMap<Catalog, Map<string, Match>>>();

function matchRules(
  rules: readonly ResourceRule[],
  criteria: MatchResources,
  request: AdmissionRequest,
  catalog: Catalog,
): Match {
  if (rules.length === 0) return no;
  if (rules.some(({ resourceNames = [] }) => resourceNames.length > 0))
    return matchRulesFor(rules, criteria, request, catalog);
  const ofCatalogs = ofKinds.get(rules) ?? new WeakMap<Catalog, Map<string, Match>>();
  ofKinds.set(rules, ofCatalogs);
  const known = ofCatalogs.get(catalog) ?? new Map<string, Match>();
  ofCatalogs.set(catalog, known);
  const key = `${request.operation} ${request.kind.apiVersion} ${request.kind.kind}`;
  const match = known.get(key) ?? matchRulesFor(rules, criteria, request, catalog);
  known.set(key, match);
  return match;
}

function matchRulesFor(
  rules: readonly ResourceRule[],
  { matchPolicy = 'Equivalent' }: MatchResources,
  request: AdmissionRequest,
  catalog: Catalog,
): Match {
  const { group, version, kind } = request;
  if (rules.some(rule => matchesRule(rule, request, group, version))) return yes;
  if (matchPolicy === 'Exact') return no;
  const others = catalog.kinds.filter(
    other => other.plural === kind.plural && other.kind === kind.kind && apiGroup(other.apiVersion) === group,
  );
  const equivalent = others.find(({ apiVersion }) =>
    rules.some(rule => matchesRule(rule, request, group, apiVersion.slice(apiVersion.indexOf('/') + 1))),
  );
  if (equivalent === undefined) return no;
  if (isSameInBoth(kind, equivalent)) return { verdict: 'yes', as: equivalent };
  // The API server would convert the object, which only it can do.
  return { verdict: 'unknown', subject: `the object in version ${equivalent.apiVersion}` };
}

function matchesRule(rule: ResourceRule, request: AdmissionRequest, group: string, version: string): boolean {
  return (
    matchesScope(rule.scope, request) &&
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, group) &&
    includes(rule.apiVersions, version) &&
    (rule.resources ?? []).some(resource => matchesResource(resource, request.kind.plural)) &&
    ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(request.name))
  );
}

function includes(list: readonly string[] | undefined, wanted: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(wanted));
}

function matchesScope(scope: ResourceRule['scope'], { kind }: AdmissionRequest): boolean {
  if (scope === undefined || scope === '*') return true;
  return scope === (kind.namespaced ? 'Namespaced' : 'Cluster');
}

/** `pods`, `*`, `pods/*` and its like; manifests have no subresources, so `pods/scale` never matches. */
function matchesResource(rule: string, plural: string): boolean {
  const [resource, subresource = ''] = rule.split('/', 2);
  return (resource === '*' || resource === plural) && (subresource === '' || subresource === '*');
}
