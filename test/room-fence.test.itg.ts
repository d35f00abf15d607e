import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, ROOM_QUOTA } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { type ApiServer, connect, openApiServer } from '@slipway/testkit/cluster';
import { raiseFence } from './support/room-fence.ts';

const cluster = useCluster();
const admin = useClient(() => cluster.kubeconfig);
const servers = {} as { keeper: ApiServer; tenant: ApiServer; admin: ApiServer };

beforeAll(async () => {
  const keeper = await cluster.userKubeconfig('room-keeper');
  servers.keeper = openApiServer(keeper);
  servers.admin = openApiServer(cluster.kubeconfig);
  servers.tenant = openApiServer(await cluster.userKubeconfig('tenant'));
  const client = await connect(keeper);
  await raiseFence(admin, client);
  client.close();
  await mayMore();
});

/** The policy has to hold by itself: the rights to patch and to bind any role are not even among those that are shipped. */
async function mayMore(): Promise<void> {
  const [apiVersion, apiGroup] = ['rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io'];
  const metadata = { name: 'more-than-shipped' };
  const rules = [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['patch'] },
    { apiGroups: [apiGroup], resources: ['roles', 'clusterroles'], verbs: ['bind'] },
  ];
  await admin.create({ apiVersion, kind: 'ClusterRole', metadata, rules });
  await admin.create({
    ...{ apiVersion, kind: 'ClusterRoleBinding', metadata },
    roleRef: { apiGroup, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup, kind: 'User', name: 'room-keeper' }],
  });
}

const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();

interface Marks {
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly metadata?: JsonObject;
}

const LABELS = (name: string) => ({
  'slipway.dev/application': 'shop',
  'slipway.dev/formation': `preview-${name.replace(/.*-/, '')}`,
  'slipway.dev/spawned-from': 'preview',
  'pod-security.kubernetes.io/enforce': 'restricted',
});
const ANNOTATIONS = {
  'slipway.dev/server': 'https://github.com',
  'slipway.dev/repository-id': '1',
  'slipway.dev/pull-request': '7',
  'slipway.dev/room': '{}',
};

const namespace = (
  name: string,
  { labels = {}, annotations = {}, metadata = {} }: Marks = {},
): JsonObject => {
  const known = (given: JsonObject) =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: known({ ...LABELS(name), ...labels }),
      annotations: known({ ...ANNOTATIONS, 'slipway.dev/expires': hours(48), ...annotations }),
      ...metadata,
    },
  };
};

const NAME = 'slipway-room';
const binding = (more: JsonObject = {}): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: NAME },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'slipway-tenant' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'tenant' }],
  ...more,
});
const HARD = {
  ...ROOM_QUOTA,
  ...{ 'services.loadbalancers': '0', 'services.nodeports': '0', 'requests.nvidia.com/gpu': '0' },
};
const quota = (hard: JsonObject = HARD, spec: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: NAME } },
  spec: { hard, ...spec },
});
const DEFAULTS = { cpu: '1', memory: '256Mi', 'ephemeral-storage': '1Gi' };
const LIMIT = {
  ...{ type: 'Container', default: DEFAULTS, defaultRequest: DEFAULTS },
  min: { cpu: '1m', memory: '1Mi', 'ephemeral-storage': '1Mi' },
};
const range = (limit: JsonObject = LIMIT): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: NAME } },
  spec: { limits: [limit] },
});
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
const DNS = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [{ port: 53, protocol: 'UDP' }],
};
const PUBLIC = [
  { ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } },
  { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
];
const policy = (spec: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: NAME } },
  spec: {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: {} }] }],
    egress: [{ to: [{ podSelector: {} }, ...PUBLIC] }, DNS],
    ...spec,
  },
});
const named = (object: JsonObject, name: string): JsonObject => ({ ...object, metadata: { name } });

const NAMESPACES = '/api/v1/namespaces';
const bindings = (name: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`;
const quotas = (name: string) => `${NAMESPACES}/${name}/resourcequotas`;
const ranges = (name: string) => `${NAMESPACES}/${name}/limitranges`;
const policies = (name: string) => `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`;
const ingresses = (name: string) => `/apis/networking.k8s.io/v1/namespaces/${name}/ingresses`;
const services = (name: string) => `${NAMESPACES}/${name}/services`;

type Request = readonly [method: string, path: string, body?: JsonObject, type?: string];
const MERGE = 'application/merge-patch+json';
const MANAGED = '?fieldManager=slipway';

/** What became of a request: `admitted`, `by policy`, `by rights`, or the answer. */
async function outcome(server: ApiServer, [method, path, body, type]: Request): Promise<string> {
  const { status, body: answer } = await server.send(method, path, body, type);
  if (status < 300) return 'admitted';
  const message = String(answer.message);
  if (/ValidatingAdmissionPolicy '[a-z-]+' .*denied request/.test(message)) return 'by policy';
  return status === 403 && /User "[a-z-]+" cannot/.test(message) ? 'by rights' : `${status} ${message}`;
}

/** A room as the room keeper makes it. */
async function room(name: string): Promise<string> {
  const made: Request[] = [
    ['POST', NAMESPACES, namespace(name)],
    ['POST', bindings(name), binding()],
    ['POST', quotas(name), quota()],
    ['POST', ranges(name), range()],
    ['POST', policies(name), policy()],
  ];
  for (const request of made)
    expect([request[1], await outcome(servers.keeper, request)]).toEqual([request[1], 'admitted']);
  return name;
}

const dry = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}dryRun=All`;

async function compare(
  cases: Readonly<Record<string, Request>>,
  server: ApiServer,
  expected: string,
  isDry = true,
) {
  const found: Record<string, string> = {};
  for (const [sentence, [method, path, ...rest]] of Object.entries(cases))
    found[sentence] = await outcome(server, [method, isDry ? dry(path) : path, ...rest]);
  expect(found).toEqual(Object.fromEntries(Object.keys(cases).map(sentence => [sentence, expected])));
}

describe('the room keeper', () => {
  it('makes rooms, prolongs and removes them', async () => {
    const name = await room('shop-pr-1');
    const path = `${NAMESPACES}/${name}`;
    const patch = (until: number): JsonObject => ({
      metadata: { annotations: { 'slipway.dev/expires': hours(until) } },
    });
    await compare(
      {
        prolongs: ['PATCH', `${path}${MANAGED}`, patch(167), MERGE],
        'prolongs again': ['PATCH', `${path}${MANAGED}`, patch(48), MERGE],
        'says that it ends': [
          'PATCH',
          path,
          { metadata: { annotations: { 'slipway.dev/room': '{"isEnding":true}' } } },
          MERGE,
        ],
        'lowers the quota': ['PUT', `${quotas(name)}/${NAME}`, quota({ ...HARD, pods: '3' })],
        'opens an address of the fence': ['PUT', `${policies(name)}/${NAME}`, policy()],
        'opens a namespace by its name': [
          'PUT',
          `${policies(name)}/${NAME}`,
          policy({
            ingress: [
              {
                from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateway' } } }],
              },
            ],
          }),
        ],
        removes: ['DELETE', path],
      },
      servers.keeper,
      'admitted',
      false,
    );
  });

  it('is refused every other namespace', async () => {
    const created = (name: string, marks?: Marks): Request => ['POST', NAMESPACES, namespace(name, marks)];
    await compare(
      {
        'of a foreign name': created('default-2'),
        'whose name only contains the prefix': created('x-shop-pr-2'),
        'of a key that is not that of its marks': created('shop-pr-2', {
          labels: { 'slipway.dev/formation': 'preview-3' },
        }),
        'of a generated name': [
          'POST',
          NAMESPACES,
          namespace('shop-pr-2', { metadata: { name: '', generateName: 'shop-pr-' } }),
        ],
        'of another application': created('shop-pr-2', { labels: { 'slipway.dev/application': 'other' } }),
        'of another formation': created('shop-pr-2', { labels: { 'slipway.dev/spawned-from': 'staging' } }),
        'of an instance of another formation': created('shop-pr-2', {
          labels: { 'slipway.dev/formation': 'staging' },
        }),
        'of another repository': created('shop-pr-2', { annotations: { 'slipway.dev/repository-id': '2' } }),
        'of another server': created('shop-pr-2', {
          annotations: { 'slipway.dev/server': 'https://ghe.acme.io' },
        }),
        'without a mark': created('shop-pr-2', { labels: { 'slipway.dev/spawned-from': null } }),
        'without marks': [
          'POST',
          NAMESPACES,
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-pr-2' } },
        ],
        'without an end': created('shop-pr-2', { annotations: { 'slipway.dev/expires': null } }),
        'whose end is not a time': created('shop-pr-2', { annotations: { 'slipway.dev/expires': 'never' } }),
        'that ends after seven days': created('shop-pr-2', {
          annotations: { 'slipway.dev/expires': hours(169) },
        }),
        'that is not restricted': created('shop-pr-2', {
          labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
        }),
        'without Pod Security': created('shop-pr-2', {
          labels: { 'pod-security.kubernetes.io/enforce': null },
        }),
        'of an old Pod Security': created('shop-pr-2', {
          labels: { 'pod-security.kubernetes.io/enforce-version': 'v1.0' },
        }),
        'with a label of others': created('shop-pr-2', { labels: { 'istio-injection': 'enabled' } }),
        'with a finalizer': created('shop-pr-2', { metadata: { finalizers: ['example.com/hold'] } }),
        'with a finalizer of its contents': [
          'POST',
          NAMESPACES,
          { ...namespace('shop-pr-2'), spec: { finalizers: ['kubernetes', 'example.com/hold'] } },
        ],
        'with an owner': created('shop-pr-2', {
          metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: 'x' }] },
        }),
        'with an annotation of others': created('shop-pr-2', { annotations: { 'example.com/pool': 'x' } }),
      },
      servers.keeper,
      'by policy',
    );
  });

  it('is refused changes of a room that leave the fence', async () => {
    const name = await room('shop-pr-3');
    const path = `${NAMESPACES}/${name}`;
    const patch = (metadata: JsonObject, query = ''): Request => [
      'PATCH',
      `${path}${query}`,
      { metadata },
      MERGE,
    ];
    const later = { 'slipway.dev/expires': hours(169) };
    const entry = (manager: string, operation: string): JsonObject => ({
      ...{ manager, operation, apiVersion: 'v1', time: hours(1000).replace(/\.\d+/, '') },
      ...{
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:slipway.dev/expires': {} } } },
      },
    });
    const forged = namespace(name, {
      annotations: later,
      metadata: { managedFields: [entry('slipway', 'Update')] },
    });
    const apply = { ...namespace(name, { annotations: later }) };
    await compare(
      {
        'a label goes': patch({ labels: { 'slipway.dev/spawned-from': null } }),
        'a label changes': patch({ labels: { 'slipway.dev/formation': 'preview-4' } }),
        'the repository goes': patch({ annotations: { 'slipway.dev/repository-id': null } }),
        'the repository changes': patch({ annotations: { 'slipway.dev/repository-id': '2' } }),
        'the server changes': patch({ annotations: { 'slipway.dev/server': 'https://ghe.acme.io' } }),
        'the pull request changes': patch({ annotations: { 'slipway.dev/pull-request': '8' } }),
        'the pull request goes': patch({ annotations: { 'slipway.dev/pull-request': null } }),
        'the end goes': patch({ annotations: { 'slipway.dev/expires': null } }, MANAGED),
        'the end is after seven days': patch({ annotations: later }, MANAGED),
        'the end changes without a field manager': patch({
          annotations: { 'slipway.dev/expires': hours(24) },
        }),
        'the time of a manager is forged': ['PUT', `${path}${MANAGED}`, forged],
        'the time of another kind of change is forged': [
          'PUT',
          `${path}${MANAGED}`,
          namespace(name, { annotations: later, metadata: { managedFields: [entry('slipway', 'Apply')] } }),
        ],
        'it is applied with a later end': [
          'PATCH',
          `${path}${MANAGED}&force=true`,
          apply,
          'application/apply-patch+yaml',
        ],
        'it is restricted no more': patch({ labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }),
        'it gets a finalizer': patch({ finalizers: ['example.com/hold'] }),
        'it gets an owner': patch({
          ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: 'x' }],
        }),
        'it gets an annotation of others': patch({ annotations: { 'example.com/pool': 'x' } }),
        'all marks go': ['PUT', path, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }],
      },
      servers.keeper,
      'by policy',
    );
  });

  it('prolongs a room that the cluster or an administrator annotated, and changes nothing of that', async () => {
    const path = `${NAMESPACES}/${await room('shop-pr-13')}`;
    const annotated = (annotations: JsonObject): Request => [
      'PATCH',
      `${path}${MANAGED}`,
      { metadata: { annotations } },
      MERGE,
    ];
    expect(await outcome(servers.admin, annotated({ 'example.com/pool': 'one' }))).toBe('admitted');
    await compare(
      { prolongs: annotated({ 'slipway.dev/expires': hours(72) }) },
      servers.keeper,
      'admitted',
      false,
    );
    await compare({ changes: annotated({ 'example.com/pool': 'two' }) }, servers.keeper, 'by policy');
  });

  it('prolongs and removes a room with a label and a finalizer of others, and adds none', async () => {
    const path = `${NAMESPACES}/${await room('shop-pr-16')}`;
    const written = (metadata: JsonObject): Request => ['PATCH', `${path}${MANAGED}`, { metadata }, MERGE];
    const labels = { 'field.cattle.io/projectId': 'p-1' };
    const finalizers = ['controller.cattle.io/namespace-auth'];
    expect(await outcome(servers.admin, written({ labels, finalizers }))).toBe('admitted');
    const prolongs = written({ annotations: { 'slipway.dev/expires': hours(72) } });
    await compare({ prolongs }, servers.keeper, 'admitted', false);
    const more = { ...labels, 'example.com/team': 'x' };
    await compare(
      {
        'adds a label': written({ labels: more }),
        'changes a label': written({ labels: { 'field.cattle.io/projectId': 'p-2' } }),
        'adds a finalizer': written({ finalizers: [...finalizers, 'example.com/hold'] }),
      },
      servers.keeper,
      'by policy',
    );
    const [method, where, ...rest] = written({ labels: more });
    const answer = await servers.keeper.send(method, dry(where), ...rest);
    expect(answer.body.message).toMatch(/of others: label example\.com\/team$/);
    await compare({ removes: ['DELETE', path] }, servers.keeper, 'admitted', false);
    expect(await outcome(servers.admin, written({ finalizers: null }))).toBe('admitted');
  });

  it('is refused to prolong by a time that it forged before', async () => {
    const name = await room('shop-pr-4');
    const path = `${NAMESPACES}/${name}`;
    const live = (await servers.keeper.send('GET', path)).body;
    const forged = {
      ...{ manager: 'later', operation: 'Update', apiVersion: 'v1', time: hours(1000).replace(/\.\d+/, '') },
      ...{
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:slipway.dev/room': {} } } },
      },
    };
    const managedFields = [...live.metadata.managedFields, forged];
    const planted = { ...live, metadata: { ...live.metadata, managedFields } };
    expect(await outcome(servers.keeper, ['PUT', path, planted])).toBe('admitted');
    const later = { metadata: { annotations: { 'slipway.dev/expires': hours(900) } } };
    expect(await outcome(servers.keeper, ['PATCH', `${path}?fieldManager=later`, later, MERGE])).toBe(
      'by policy',
    );
  });

  it('is refused to touch what is not a room', async () => {
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-pr-unmarked' } });
    await admin.create(
      namespace('shop-pr-other', { annotations: { 'slipway.dev/repository-id': '2' } }) as never,
    );
    const marked = { metadata: { labels: LABELS('default'), annotations: ANNOTATIONS } };
    await compare(
      {
        'deletes the namespace of the fence': ['DELETE', `${NAMESPACES}/slipway-rooms`],
        'deletes another namespace': ['DELETE', `${NAMESPACES}/kube-node-lease`],
        'deletes a namespace of the prefix without marks': ['DELETE', `${NAMESPACES}/shop-pr-unmarked`],
        'deletes a room of another repository': ['DELETE', `${NAMESPACES}/shop-pr-other`],
        'marks default': ['PATCH', `${NAMESPACES}/default`, marked, MERGE],
        'marks a namespace of the prefix': [
          'PATCH',
          `${NAMESPACES}/shop-pr-unmarked`,
          {
            metadata: {
              labels: LABELS('x-1'),
              annotations: { ...ANNOTATIONS, 'slipway.dev/expires': hours(1) },
            },
          },
          MERGE,
        ],
        'takes a room of another repository': [
          'PATCH',
          `${NAMESPACES}/shop-pr-other`,
          { metadata: { annotations: { 'slipway.dev/repository-id': '1' } } },
          MERGE,
        ],
        'binds in default': ['POST', bindings('default'), binding()],
        'binds in kube-system': ['POST', bindings('kube-system'), binding()],
        'binds without marks': ['POST', bindings('shop-pr-unmarked'), binding()],
        'binds in a room of another repository': ['POST', bindings('shop-pr-other'), binding()],
        'limits default': ['POST', quotas('default'), quota()],
        'gives defaults to default': ['POST', ranges('default'), range()],
        'closes the network of kube-system': ['POST', policies('kube-system'), policy()],
      },
      servers.keeper,
      'by policy',
    );
  });

  it('is refused contents of a room that leave the fence', async () => {
    const name = await room('shop-pr-5');
    const bare = 'shop-pr-11';
    expect(await outcome(servers.keeper, ['POST', NAMESPACES, namespace(bare)])).toBe('admitted');
    const role = (roleRef: JsonObject): JsonObject =>
      binding({ metadata: { name: NAME }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef } });
    const subject = (...subjects: JsonObject[]): Request => [
      'PUT',
      `${bindings(name)}/${NAME}`,
      binding({ subjects }),
    ];
    const user = (user: string): JsonObject => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'User',
      name: user,
    });
    const limited = (hard: JsonObject, spec?: JsonObject): Request => [
      'PUT',
      `${quotas(name)}/${NAME}`,
      quota(hard, spec),
    ];
    const { pods: _, ...podless } = HARD;
    const opened = (spec: JsonObject): Request => ['PUT', `${policies(name)}/${NAME}`, policy(spec)];
    await compare(
      {
        'the role of an administrator': [
          'POST',
          bindings(bare),
          role({ kind: 'ClusterRole', name: 'cluster-admin' }),
        ],
        'a Role of the namespace': ['POST', bindings(bare), role({ kind: 'Role', name: 'slipway-tenant' })],
        'a binding of another name': ['POST', bindings(name), named(binding(), 'more')],
        'a binding of another subject': subject(user('mallory')),
        'a binding of two subjects': subject(user('tenant'), user('mallory')),
        'a binding of a group': subject({
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'Group',
          name: 'tenant',
        }),
        'a binding of no one': subject(),
        'a quota of another name': ['POST', quotas(name), named(quota(), 'more')],
        'a quota with more pods': limited({ ...HARD, pods: '31' }),
        'a quota with more memory': limited({ ...HARD, 'limits.memory': '13Gi' }),
        'a quota with more Secrets': limited({ ...HARD, 'count/secrets': '201' }),
        'a quota with load balancers': limited({ ...HARD, 'services.loadbalancers': '1' }),
        'a quota with accelerators': limited({ ...HARD, 'requests.nvidia.com/gpu': '1' }),
        'a quota that leaves pods out': limited(podless),
        'an empty quota': limited({}),
        'a quota of some pods only': ['POST', quotas(bare), quota({ pods: '1' }, { scopes: ['BestEffort'] })],
        'no defaults': ['PUT', `${ranges(name)}/${NAME}`, range({ type: 'Pod', max: { cpu: '1' } })],
        'no defaults of memory': [
          'PUT',
          `${ranges(name)}/${NAME}`,
          range({ type: 'Container', default: { cpu: '1' } }),
        ],
        'defaults without a min': ['PUT', `${ranges(name)}/${NAME}`, range({ ...LIMIT, min: {} })],
        'a min of nothing': [
          'PUT',
          `${ranges(name)}/${NAME}`,
          range({ ...LIMIT, min: { ...LIMIT.min, memory: '0' } }),
        ],
        'a second policy': ['POST', policies(name), named(policy(), 'more')],
        'a policy of some pods': opened({ podSelector: { matchLabels: { app: 'api' } } }),
        'a policy without egress': opened({ policyTypes: ['Ingress'] }),
        'egress to everything': opened({ egress: [{}] }),
        'egress to all ports of everything': opened({ egress: [{ ports: [{ port: 443 }] }] }),
        'egress to every address': opened({ egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
        'egress to private addresses': opened({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
        'egress to the metadata of the cloud': opened({
          egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE.slice(0, 4) } }] }],
        }),
        'ingress from everywhere': opened({ ingress: [{}] }),
        'egress to all namespaces': opened({ egress: [{ to: [{ namespaceSelector: {} }] }] }),
        'egress to namespaces of a label': opened({
          egress: [{ to: [{ namespaceSelector: { matchLabels: { team: 'x' } } }] }],
        }),
        'egress to pods of all namespaces': opened({
          egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'db' } } }] }],
        }),
        'ingress from all namespaces': opened({ ingress: [{ from: [{ namespaceSelector: {} }] }] }),
        'ingress from namespaces of another name than one': opened({
          ingress: [
            {
              from: [
                {
                  namespaceSelector: {
                    matchExpressions: [
                      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['x'] },
                    ],
                  },
                },
              ],
            },
          ],
        }),
        'ingress from addresses': opened({ ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
      },
      servers.keeper,
      'by policy',
    );
    await compare(
      {
        'the binding deleted': ['DELETE', `${bindings(name)}/${NAME}`],
        'the quota deleted': ['DELETE', `${quotas(name)}/${NAME}`],
        'the defaults deleted': ['DELETE', `${ranges(name)}/${NAME}`],
        'the policy deleted': ['DELETE', `${policies(name)}/${NAME}`],
        'all namespaces deleted': ['DELETE', NAMESPACES],
        'its own role changed': [
          'PATCH',
          '/apis/rbac.authorization.k8s.io/v1/clusterroles/slipway-tenant',
          { rules: [] },
          MERGE,
        ],
        'itself bound everywhere': [
          'POST',
          '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
          { ...binding({ kind: 'ClusterRoleBinding' }), metadata: { name: 'more' } },
        ],
        'the fence changed': [
          'PATCH',
          `${NAMESPACES}/slipway-rooms/configmaps/preview`,
          { data: { 'name-prefix': '' } },
          MERGE,
        ],
        'the policy gone': [
          'DELETE',
          '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/slipway-room-keeper',
        ],
        'a Secret read': ['GET', `${NAMESPACES}/${name}/secrets`],
        'a pod made': [
          'POST',
          `${NAMESPACES}/${name}/pods`,
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } },
        ],
      },
      servers.keeper,
      'by rights',
    );
  });
});

describe('the tenant', () => {
  const ingress = (spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'api', annotations } },
    spec,
  });
  const backend = { service: { name: 'api', port: { number: 80 } } };
  const rule = (host?: string): JsonObject => ({
    ...(host === undefined ? {} : { host }),
    http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
  });
  const service = (spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', annotations } },
    spec: { ports: [{ port: 80 }], ...spec },
  });
  const podSpec = (more: JsonObject): JsonObject => ({
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        ...{ name: 'api', image: 'registry.example.com/api:1' },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
    ...more,
  });
  const pod = (more: JsonObject): JsonObject => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api' } },
    spec: podSpec(more),
  });
  const workloads = (name: string, more: JsonObject): Record<string, Request> => {
    const labels = { app: 'api' };
    const template = { metadata: { labels }, spec: podSpec(more) };
    const once = { ...template, spec: podSpec({ restartPolicy: 'Never', ...more }) };
    const ofAll = { selector: { matchLabels: labels }, template };
    const kinds = [
      ['apps', 'deployments', 'Deployment', ofAll],
      ['apps', 'statefulsets', 'StatefulSet', { serviceName: 'api', ...ofAll }],
      ['apps', 'daemonsets', 'DaemonSet', ofAll],
      ['batch', 'jobs', 'Job', { template: once }],
      ['batch', 'cronjobs', 'CronJob', { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: once } } }],
    ] as const;
    return Object.fromEntries(
      kinds.map(([group, resource, kind, spec]): [string, Request] => [
        kind,
        [
          'POST',
          `/apis/${group}/v1/namespaces/${name}/${resource}`,
          { apiVersion: `${group}/v1`, kind, metadata: { name: 'api' }, spec },
        ],
      ]),
    );
  };
  const pods = (name: string): string => `${NAMESPACES}/${name}/pods`;
  const selector = { app: 'api' };

  it('works in the room that it is bound in', async () => {
    const name = await room('shop-pr-6');
    await compare(
      {
        'reads its room': ['GET', `${NAMESPACES}/${name}`],
        'reads its quota': ['GET', quotas(name)],
        'reads its policy': ['GET', policies(name)],
        'reads its binding': ['GET', `${bindings(name)}/${NAME}`],
        'makes a Secret': [
          'POST',
          `${NAMESPACES}/${name}/secrets`,
          { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
        ],
        'makes an Ingress': [
          'POST',
          ingresses(name),
          ingress({ rules: [rule('pr-6.preview.acme.io')], tls: [{ hosts: ['pr-6.preview.acme.io'] }] }),
        ],
        'makes a Service': ['POST', services(name), service({ selector })],
        'orders an Ingress': [
          'POST',
          ingresses(name),
          ingress({ rules: [rule('pr-6.preview.acme.io')] }, { 'slipway.dev/order': '1' }),
        ],
        'orders a Service': ['POST', services(name), service({ selector }, { 'slipway.dev/order': '1' })],
        ...workloads(name, {}),
      },
      servers.tenant,
      'admitted',
    );
  });

  it('has no container below the least amounts, so that each counts in the quota', async () => {
    const name = await room('shop-pr-14');
    const account = `${NAMESPACES}/${name}/serviceaccounts/default`;
    await until(async () => (await servers.admin.send('GET', account)).status === 200);
    const [container] = podSpec({})['containers'] as JsonObject[];
    const made = async (resources: JsonObject, more: JsonObject = {}): Promise<string> => {
      const spec = { containers: [{ ...container, resources }], ...more };
      return await outcome(servers.admin, ['POST', dry(pods(name)), pod(spec)]);
    };
    await until(async () => (await made({ limits: { cpu: '0' } })).startsWith('403'));
    for (const resource of ['cpu', 'memory', 'ephemeral-storage'])
      for (const nothing of [{ limits: { [resource]: '0' } }, { requests: { [resource]: '0' } }])
        expect(await made(nothing)).toContain(`minimum ${resource} usage per Container is 1`);
    const none = { cpu: '0', memory: '0' };
    expect(await made({}, { resources: { limits: none, requests: none } })).not.toBe('admitted');
    expect(await made({ limits: { cpu: '1m' }, requests: { cpu: '1m' } })).toBe('admitted');
  });

  it('has the annotations and priorities that the fence lists, and no others', async () => {
    const name = await room('shop-pr-12');
    await admin.create({
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'previews' } },
      ...{ value: -10, preemptionPolicy: 'Never' },
    });
    const listed = { 'example.com/listed': 'x' };
    const own = { rules: [rule('pr-12.preview.acme.io')] };
    const first = { priorityClassName: 'previews' };
    const cases: Record<string, Request> = {
      'an annotation of an Ingress': ['POST', ingresses(name), ingress(own, listed)],
      'an annotation of a Service': ['POST', services(name), service({ selector }, listed)],
      ...workloads(name, first),
    };
    const other: Record<string, Request> = {
      'another annotation of an Ingress': [
        'POST',
        ingresses(name),
        ingress(own, { ...listed, 'example.com/other': 'x' }),
      ],
      'another annotation of a Service': [
        'POST',
        services(name),
        service({ selector }, { 'x-slipway.dev/other': 'x' }),
      ],
      ...workloads(name, { priorityClassName: 'system-cluster-critical' }),
    };
    const account = `${NAMESPACES}/${name}/serviceaccounts/default`;
    await until(async () => (await servers.admin.send('GET', account)).status === 200);
    const made: Record<string, Request> = { 'a pod': ['POST', pods(name), pod(first)] };
    const fence = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'slipway-rooms', name: 'preview' };
    const allow = async (annotations: string, classes: string, expected: string): Promise<void> => {
      await admin.patch(fence, { data: { annotations, 'priority-classes': classes } });
      for (const [method, path, ...rest] of Object.values(cases))
        await until(async () => (await outcome(servers.tenant, [method, dry(path), ...rest])) === expected);
    };
    await compare({ ...cases, ...other }, servers.tenant, 'by policy');
    await compare(made, servers.admin, 'by policy');
    await compare({ 'a plain pod': ['POST', pods(name), pod({})] }, servers.admin, 'admitted');
    await allow('example.org/x example.com/listed', 'batch previews', 'admitted');
    await compare(cases, servers.tenant, 'admitted');
    await compare(made, servers.admin, 'admitted');
    await compare(other, servers.tenant, 'by policy');
    await allow('', '', 'by policy');
  });

  it('of another formation has a fence of its own', async () => {
    const name = 'other-pr-1';
    const labels = { ...LABELS(name), 'slipway.dev/application': 'other' };
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    const elsewhere: Record<string, Request> = {
      'a host': ['POST', ingresses(name), ingress({ rules: [rule('other.acme.io')] })],
      ...workloads(name, { priorityClassName: 'system-cluster-critical' }),
    };
    await compare(elsewhere, servers.admin, 'admitted');
  });

  it('is refused what leads out of its room', async () => {
    const name = await room('shop-pr-8');
    const own = rule('pr-8.preview.acme.io');
    await compare(
      {
        'a host of another environment': [
          'POST',
          ingresses(name),
          ingress({ rules: [rule('shop.acme.io')] }),
        ],
        'a host that only ends alike': [
          'POST',
          ingresses(name),
          ingress({ rules: [rule('xpreview.acme.io')] }),
        ],
        'every host': ['POST', ingresses(name), ingress({ rules: [rule()] })],
        'a wildcard': ['POST', ingresses(name), ingress({ rules: [rule('*.preview.acme.io')] })],
        'a default backend': ['POST', ingresses(name), ingress({ defaultBackend: backend })],
        'a certificate of another host': [
          'POST',
          ingresses(name),
          ingress({ rules: [own], tls: [{ hosts: ['acme.io'] }] }),
        ],
        'a certificate of every host': [
          'POST',
          ingresses(name),
          ingress({ rules: [own], tls: [{ secretName: 'x' }] }),
        ],
        'another ingress class': [
          'POST',
          ingresses(name),
          ingress({ rules: [own], ingressClassName: 'internal' }),
        ],
        'another ingress class by an annotation': [
          'POST',
          ingresses(name),
          ingress({ rules: [own] }, { 'kubernetes.io/ingress.class': 'internal' }),
        ],
        'a Service of another name': [
          'POST',
          services(name),
          service({ type: 'ExternalName', externalName: 'db.staging.svc' }),
        ],
        'a Service of other addresses': [
          'POST',
          services(name),
          service({ selector: { app: 'api' }, externalIPs: ['10.0.0.1'] }),
        ],
      },
      servers.tenant,
      'by policy',
    );
  });

  it('is refused what would keep its room when it ends', async () => {
    const name = await room('shop-pr-15');
    const path = `${NAMESPACES}/${name}`;
    const finalizers = ['example.com/hold'];
    const metadata = { finalizers, labels: { app: 'api' } };
    const configMap = (more: JsonObject = {}): JsonObject => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', ...more } },
    });
    const claimed = (more: JsonObject = {}): JsonObject => ({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'x', ...more } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    const workload = (kind: string, change: (spec: JsonObject) => JsonObject): Request => {
      const [method, where, body] = workloads(name, {})[kind] as Request;
      return [method, where, { ...body, spec: change(body?.['spec'] as JsonObject) }];
    };
    const withTemplate = (more: JsonObject) => (spec: JsonObject) => ({
      ...spec,
      template: { ...(spec['template'] as JsonObject), ...more },
    });
    const job = workloads(name, {})['Job']?.[2]?.['spec'] as JsonObject;
    const map = [`${path}/configmaps`, `${path}/configmaps/kept`] as const;
    await until(async () => {
      const kept: Request = ['POST', dry(map[0]), configMap({ finalizers })];
      return (await outcome(servers.tenant, kept)) === 'by policy';
    });
    const own = configMap({ name: 'kept' });
    expect(await outcome(servers.tenant, ['POST', map[0], own])).toBe('admitted');
    const patch = { metadata: { finalizers } };
    await compare(
      {
        'a finalizer of a ConfigMap': ['POST', map[0], configMap({ finalizers })],
        'one of an Ingress': [
          'POST',
          ingresses(name),
          { ...ingress({ rules: [rule('pr-15.preview.acme.io')] }), metadata: { name: 'x', finalizers } },
        ],
        'one of a Lease': [
          'POST',
          `/apis/coordination.k8s.io/v1/namespaces/${name}/leases`,
          { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'x', finalizers } },
        ],
        'that of claims for another kind': [
          'POST',
          map[0],
          configMap({ finalizers: ['kubernetes.io/pvc-protection'] }),
        ],
        'another one of a claim': ['POST', `${path}/persistentvolumeclaims`, claimed({ finalizers })],
        'a later one': ['PATCH', map[1], patch, MERGE],
        'one that is applied': [
          'PATCH',
          `${map[1]}?fieldManager=slipway&force=true`,
          configMap({ name: 'kept', finalizers }),
          'application/apply-patch+yaml',
        ],
        'one of pods of a Deployment': workload('Deployment', withTemplate({ metadata })),
        'one of pods of a Job': workload('Job', withTemplate({ metadata })),
        'one of Jobs of a CronJob': workload('CronJob', spec => ({
          ...spec,
          jobTemplate: { metadata: { finalizers }, spec: job },
        })),
        'one of pods of a CronJob': workload('CronJob', spec => ({
          ...spec,
          jobTemplate: { spec: withTemplate({ metadata: { finalizers } })(job) },
        })),
        'one of claims of a StatefulSet': workload('StatefulSet', spec => ({
          ...spec,
          volumeClaimTemplates: [claimed({ finalizers })],
        })),
        'pods that never end': workload(
          'Deployment',
          withTemplate({
            metadata: { labels: { app: 'api' } },
            spec: podSpec({ terminationGracePeriodSeconds: 601 }),
          }),
        ),
      },
      servers.tenant,
      'by policy',
    );
    await compare(
      {
        'a claim': ['POST', `${path}/persistentvolumeclaims`, claimed()],
        'pods that end in ten minutes': workload(
          'Deployment',
          withTemplate({
            metadata: { labels: { app: 'api' } },
            spec: podSpec({ terminationGracePeriodSeconds: 600 }),
          }),
        ),
        'claims of a StatefulSet': workload('StatefulSet', spec => ({
          ...spec,
          volumeClaimTemplates: [claimed()],
        })),
      },
      servers.tenant,
      'admitted',
    );
    expect(await outcome(servers.admin, ['PATCH', map[1], patch, MERGE])).toBe('admitted');
    const changed = { data: { changed: 'true' } };
    expect(await outcome(servers.tenant, ['PATCH', map[1], changed, MERGE])).toBe('admitted');
    const removed = { metadata: { finalizers: null } };
    expect(await outcome(servers.tenant, ['PATCH', map[1], removed, MERGE])).toBe('admitted');
  });

  it('has no right in namespaces, bindings, quotas and policies, nor anywhere else', async () => {
    const name = await room('shop-pr-9');
    const path = `${NAMESPACES}/${name}`;
    await compare(
      {
        'makes a namespace': ['POST', NAMESPACES, namespace('shop-pr-10')],
        'lists namespaces': ['GET', NAMESPACES],
        'changes its room': [
          'PATCH',
          path,
          { metadata: { annotations: { 'slipway.dev/expires': hours(100) } } },
          MERGE,
        ],
        'removes its room': ['DELETE', path],
        'reads another namespace': ['GET', `${NAMESPACES}/default`],
        'reads Secrets elsewhere': ['GET', `${NAMESPACES}/default/secrets`],
        'binds more': ['POST', bindings(name), named(binding(), 'more')],
        'changes its binding': ['PUT', `${bindings(name)}/${NAME}`, binding()],
        'raises its quota': ['PUT', `${quotas(name)}/${NAME}`, quota()],
        'removes its quota': ['DELETE', `${quotas(name)}/${NAME}`],
        'removes its defaults': ['DELETE', `${ranges(name)}/${NAME}`],
        'opens its network': ['POST', policies(name), named(policy({ egress: [{}] }), 'more')],
        'removes its policy': ['DELETE', `${policies(name)}/${NAME}`],
        'makes a load balancer elsewhere': ['POST', services('default'), service({ type: 'LoadBalancer' })],
      },
      servers.tenant,
      'by rights',
    );
  });
});

/** Waits for what the API server takes up a moment after it was written. */
async function until(isThere: () => Promise<boolean>): Promise<void> {
  while (!(await isThere())) await new Promise(done => setTimeout(done, 200));
}
