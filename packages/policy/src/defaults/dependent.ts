import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { NAMESPACE_NAME, WRITTEN_CONTAINER_LISTS } from '@slipway/kubernetes';
import { imageTag } from './image-tag.ts';

/** An object whose defaults are being filled in. */
export type Draft = Record<string, JsonValue>;

type Rule = (draft: Draft) => void;

/**
 * Defaults that depend on other fields, by type; run when the fields inside have theirs.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go and its neighbours
 */
export const dependentDefaults: Readonly<Record<string, Rule>> = {
  'core.v1.Container': container,
  'core.v1.EphemeralContainer': container,
  'core.v1.Volume': volume,
  'core.v1.ServiceSpec': serviceSpec,
  'core.v1.Pod': pod,
  'core.v1.Secret': secret,
  'core.v1.Namespace': namespace,
  'core.v1.LimitRangeItem': limitRangeItem,
  'core.v1.ReplicationController': replicationController,
  'apps.v1.DeploymentStrategy': draft => rollingUpdate(draft, { maxUnavailable: '25%', maxSurge: '25%' }),
  'apps.v1.DaemonSetUpdateStrategy': draft => rollingUpdate(draft, { maxUnavailable: 1, maxSurge: 0 }),
  'apps.v1.StatefulSetSpec': volumeClaimTemplates,
  'apps.v1.StatefulSetUpdateStrategy': statefulSetStrategy,
  'batch.v1.Job': job,
  'autoscaling.v2.HorizontalPodAutoscalerSpec': autoscaler,
  'networking.v1.NetworkPolicySpec': networkPolicy,
  'rbac.v1.Subject': subject,
};

function setDefault(draft: Draft, field: string, value: JsonValue): void {
  if (draft[field] === undefined) draft[field] = value;
}

function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function items(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function container(draft: Draft): void {
  const image = typeof draft['image'] === 'string' ? draft['image'] : '';
  setDefault(draft, 'imagePullPolicy', imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent');
}

function volume(draft: Draft): void {
  if (Object.keys(draft).every(field => field === 'name')) draft['emptyDir'] = {};
  if (!isJsonObject(draft['image'])) return;
  const image = { ...draft['image'] };
  const reference = typeof image['reference'] === 'string' ? image['reference'] : '';
  setDefault(image, 'pullPolicy', imageTag(reference) === 'latest' ? 'Always' : 'IfNotPresent');
  draft['image'] = image;
}

function serviceSpec(draft: Draft): void {
  if (draft['sessionAffinity'] === 'None') delete draft['sessionAffinityConfig'];
  else if (draft['sessionAffinity'] === 'ClientIP') {
    const given = inside(inside(draft['sessionAffinityConfig'])['clientIP'])['timeoutSeconds'];
    if (given === undefined) draft['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: 10800 } };
  }
  if (Array.isArray(draft['ports'])) draft['ports'] = items(draft['ports']).map(servicePort);
  const type = draft['type'];
  const balanced = type === 'LoadBalancer';
  if (balanced || type === 'NodePort' || (type === 'ClusterIP' && Array.isArray(draft['externalIPs'])))
    setDefault(draft, 'externalTrafficPolicy', 'Cluster');
  if (balanced || type === 'NodePort' || type === 'ClusterIP')
    setDefault(draft, 'internalTrafficPolicy', 'Cluster');
  if (balanced) setDefault(draft, 'allocateLoadBalancerNodePorts', true);
}

function servicePort(port: JsonObject): JsonObject {
  const target = port['targetPort'];
  return target === undefined || target === 0 || target === ''
    ? { ...port, targetPort: port['port'] ?? 0 }
    : port;
}

/** These hold for Pods themselves, not for the templates of workloads. */
function pod(draft: Draft): void {
  if (!isJsonObject(draft['spec'])) return;
  const spec: Draft = { ...draft['spec'] };
  for (const list of WRITTEN_CONTAINER_LISTS)
    if (Array.isArray(spec[list]))
      spec[list] = items(spec[list]).map(item => podContainer(item, spec['hostNetwork'] === true));
  setDefault(spec, 'enableServiceLinks', true);
  // Not a default but what the ServiceAccount admission plugin does, which every cluster runs.
  setDefault(spec, 'serviceAccountName', spec['serviceAccount'] ?? 'default');
  setDefault(spec, 'serviceAccount', spec['serviceAccountName'] ?? 'default');
  draft['spec'] = spec;
}

/** Limits become requests where there are none; on the host's network a container's port is the host's. */
function podContainer(item: JsonObject, hostNetwork: boolean): JsonObject {
  const resources = inside(item['resources']);
  const limits = inside(resources['limits']);
  const requested =
    Object.keys(limits).length === 0
      ? resources
      : { ...resources, requests: { ...limits, ...inside(resources['requests']) } };
  const ports = items(item['ports']).map(port => ({ hostPort: port['containerPort'] ?? 0, ...port }));
  return { ...item, resources: requested, ...(hostNetwork && ports.length > 0 ? { ports } : {}) };
}

function secret(draft: Draft): void {
  if (!isJsonObject(draft['stringData'])) return;
  const encoded = Object.entries(draft['stringData']).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  draft['data'] = { ...inside(draft['data']), ...Object.fromEntries(encoded) };
  delete draft['stringData'];
}

function namespace(draft: Draft): void {
  const metadata = inside(draft['metadata']);
  const labels = { ...inside(metadata['labels']), [NAMESPACE_NAME]: metadata['name'] ?? '' };
  draft['metadata'] = { ...metadata, labels };
}

function limitRangeItem(draft: Draft): void {
  if (draft['type'] !== 'Container') return;
  const limits = { ...inside(draft['max']), ...inside(draft['default']) };
  const requests = { ...inside(draft['min']), ...limits, ...inside(draft['defaultRequest']) };
  if (Object.keys(limits).length > 0) draft['default'] = limits;
  if (Object.keys(requests).length > 0) draft['defaultRequest'] = requests;
}

function replicationController(draft: Draft): void {
  const spec = inside(draft['spec']);
  const labels = inside(inside(spec['template'])['metadata'])['labels'];
  if (!isJsonObject(labels)) return;
  draft['spec'] = { selector: labels, ...spec };
  const metadata = inside(draft['metadata']);
  draft['metadata'] = { labels, ...metadata };
}

function rollingUpdate(draft: Draft, fallback: JsonObject): void {
  if (draft['type'] === 'RollingUpdate')
    draft['rollingUpdate'] = { ...fallback, ...inside(draft['rollingUpdate']) };
}

function statefulSetStrategy(draft: Draft): void {
  if (draft['type'] === undefined) {
    draft['type'] = 'RollingUpdate';
    setDefault(draft, 'rollingUpdate', {});
  }
  if (draft['type'] === 'RollingUpdate' && isJsonObject(draft['rollingUpdate']))
    draft['rollingUpdate'] = { partition: 0, ...draft['rollingUpdate'] };
}

function volumeClaimTemplates(draft: Draft): void {
  if (Array.isArray(draft['volumeClaimTemplates']))
    draft['volumeClaimTemplates'] = items(draft['volumeClaimTemplates']).map(claim => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      ...claim,
    }));
}

const MAX_INT32 = 2_147_483_647;

/** These do not hold for a CronJob's template, which stays as it was written. */
function job(draft: Draft): void {
  const spec: Draft = { ...inside(draft['spec']) };
  if (spec['parallelism'] === undefined) {
    setDefault(spec, 'completions', 1);
    spec['parallelism'] = 1;
  }
  setDefault(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : MAX_INT32);
  setDefault(
    spec,
    'podReplacementPolicy',
    spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  );
  draft['spec'] = { completionMode: 'NonIndexed', suspend: false, manualSelector: false, ...spec };
  const labels = inside(inside(spec['template'])['metadata'])['labels'];
  const metadata = inside(draft['metadata']);
  if (isJsonObject(labels) && Object.keys(inside(metadata['labels'])).length === 0)
    draft['metadata'] = { ...metadata, labels };
}

const scaleUp: JsonObject = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

const scaleDown: JsonObject = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

function autoscaler(draft: Draft): void {
  setDefault(draft, 'metrics', [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ]);
  if (!isJsonObject(draft['behavior'])) return;
  const { scaleUp: up, scaleDown: down } = draft['behavior'];
  draft['behavior'] = {
    scaleUp: { ...scaleUp, ...inside(up) },
    scaleDown: { ...scaleDown, ...inside(down) },
  };
}

function networkPolicy(draft: Draft): void {
  setDefault(draft, 'policyTypes', items(draft['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
}

function subject(draft: Draft): void {
  if (draft['kind'] === 'User' || draft['kind'] === 'Group')
    setDefault(draft, 'apiGroup', 'rbac.authorization.k8s.io');
}
