import type { PolicySpec, ResourceRule } from '../../src/resources/types.ts';

function rule(apiGroups: string[], apiVersions: string[], resources: string[]): ResourceRule {
  return { apiGroups, apiVersions, operations: ['CREATE'], resources };
}

const dep = rule(['apps'], ['v1'], ['deployments']);
function p(
  expressions: string[],
  resourceRules: readonly ResourceRule[] = [dep],
  more: PolicySpec = {},
): PolicySpec {
  return {
    matchConstraints: { resourceRules },
    validations: expressions.map(expression => ({ expression })),
    ...more,
  };
}

/** Policies whose expressions fit the schemas of their kinds, or do not. */
export const typedPolicies: readonly PolicySpec[] = [
  p(['object.spec.replicas > 1']),
  p(['object.spec.replcas > 1']),
  p(["object.spec.replicas == 'a'"]),
  p(["object.spec.template.spec.containers.all(c, c.image.startsWith('a'))"]),
  p(["object.spec.template.spec.containers.all(c, c.imge.startsWith('a'))"]),
  p(["object.metadata.labels['a'] == 1"]),
  p(["object.metadata.labels.a == 'x'"]),
  p(['has(object.spec.nothing)']),
  p(['object.spec.?nothing.hasValue()']),
  p(["object.spec.template.spec.containers[0].resources.limits['cpu'] == '1'"]),
  p(["quantity(object.spec.template.spec.containers[0].resources.limits['cpu']).isLessThan(quantity('1'))"]),
  p(["object.spec.strategy.rollingUpdate.maxSurge == '25%'"]),
  p(['object.spec.strategy.rollingUpdate.maxSurge == 1']),
  p(["object.metadata.creationTimestamp < timestamp('2025-01-01T00:00:00Z')"]),
  p(["object.metadata.creationTimestamp == 'x'"]),
  p(['object.spec.replicas > 1'], [rule(['apps', ''], ['v1'], ['deployments', 'pods'])]),
  p(['object.spec.containers.size() > 0'], [rule(['apps', ''], ['v1'], ['deployments', 'pods'])]),
  p(['object.spec.replcas > 1'], [rule(['*'], ['*'], ['*'])]),
  p(['object.spec.replcas > 1'], [rule(['apps'], ['*'], ['deployments'])]),
  p(['object.spec.replcas > 1'], [rule(['apps'], ['v1'], ['deployments/scale'])]),
  p(["object.data['a'] == b'x'"], [rule([''], ['v1'], ['secrets'])]),
  p(["object.data['a'] == 'x'"], [rule([''], ['v1'], ['secrets'])]),
  p(["object.data['a'] == 1"], [rule([''], ['v1'], ['configmaps'])]),
  p(['object.data.a == params.data.b'], [rule([''], ['v1'], ['configmaps'])], {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
  }),
  p(["params.dta.b == 'x'"], [rule([''], ['v1'], ['configmaps'])], {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
  }),
  p(['variables.n > 1'], [dep], { variables: [{ name: 'n', expression: 'object.spec.replicas' }] }),
  p(["variables.n == 'a'"], [dep], { variables: [{ name: 'n', expression: 'object.spec.replicas' }] }),
  p(["variables.n == 'a'"], [dep], { variables: [{ name: 'n', expression: 'object.spec.replcas' }] }),
  p(['oldObject == null || oldObject.spec.replcas == 1']),
  p(['oldObject == null']),
  p(["object.kind == 'Deployment' && object.apiVersion == 'apps/v1'"]),
  p(["object.spec.template.spec.containers.exists(c, c.ports.exists(p, p.containerPort == '80'))"]),
  p(["object.spec.template.spec.containers.map(c, c.name).join(',') == 'a'"]),
  p(['object.spec.selector.matchLabels == object.spec.template.metadata.labels']),
  p(["object.metadata.annotations['x'].split(',').size() > 0"]),
  p(['object.spec.minReadySeconds + 1.0 > 0.0']),
  p(["object.spec.template.spec.volumes[0].emptyDir.sizeLimit == '1Gi'"]),
  p(['object.spec.template.spec.terminationGracePeriodSeconds > 30u']),
  p(['object.spec.rules[0].host == 1'], [rule(['networking.k8s.io'], ['v1'], ['ingresses'])]),
  p(
    ['object.spec.rules[0].http.paths[0].backend.service.port.number == 80'],
    [rule(['networking.k8s.io'], ['v1'], ['ingresses'])],
  ),
  p(
    ['object.spec.metrics[0].resource.target.averageUtilization > 50'],
    [rule(['autoscaling'], ['v2'], ['horizontalpodautoscalers'])],
  ),
  p(
    ["object.spec.versions[0].schema.openAPIV3Schema.properties['spec'].type == 'object'"],
    [rule(['apiextensions.k8s.io'], ['v1'], ['customresourcedefinitions'])],
  ),
  p(
    ["object.spec.versions[0].schema.openAPIV3Schema.properties['spec'].typo == 'object'"],
    [rule(['apiextensions.k8s.io'], ['v1'], ['customresourcedefinitions'])],
  ),
  p(['object.spec.ports[0].targetPort + 1 > 1'], [rule([''], ['v1'], ['services'])]),
];
