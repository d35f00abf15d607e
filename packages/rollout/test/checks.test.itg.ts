import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Check, type JsonObject, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { pushBaseImages, type RunningPrometheus, startPrometheus } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace, until } from '@slipway/testkit/cluster';
import {
  type CheckSurroundings,
  prepareChecks,
  type RolloutResult,
  type WatchedObject,
} from '../src/index.ts';
import { applyTo, watch } from './support/live-cluster.ts';

const NAMESPACE = 'shop';
const testbed = useTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });
const client = useClient(() => testbed.cluster.kubeconfig);
let prometheus: RunningPrometheus;
let exporter: Server;
let image: string;
let objects: readonly WatchedObject[];
/** What the application says of its errors. */
let errors = 1;

beforeAll(async () => {
  exporter = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`shop_errors ${errors}\n`);
  });
  const target = await listen(exporter);
  prometheus = await startPrometheus({ targets: [target] });
  await createNamespace(client, NAMESPACE);
  image = (await pushBaseImages(testbed.registry)).base.name;
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'token', namespace: NAMESPACE },
    stringData: { token: 'hush-hush' },
  });
  objects = await Promise.all([web(), service].map(object => applyTo(client, NAMESPACE, object)));
  const { verdict } = await watch(client, objects, { stableFor: 0 });
  expect(verdict).toBe('succeeded');
});

afterAll(async () => {
  exporter?.close();
  await prometheus?.stop();
});

/** @returns host and port */
async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves two files: a JSON that says it is up, and a page that gives its secret away. */
function web(): KubernetesObject {
  const script =
    'mkdir -p /srv/www; echo \'{"status":"up","load":0.5}\' > /srv/www/status; echo "token $TOKEN here" > /srv/www/leak; exec httpd -p 8080 -h /srv/www';
  const container = {
    name: 'main',
    image,
    command: ['/bin/sh', '-c', script],
    env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } }],
    readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
  };
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};

function smoke(script: string, more: JsonObject = {}): KubernetesObject {
  const containers = [{ name: 'main', image, command: ['/bin/sh', '-c', script] }];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'smoke' },
    spec: { backoffLimit: 0, template: { spec: { containers, restartPolicy: 'Never' } }, ...more },
  };
}

function prepare(checks: readonly Check[], more: Partial<CheckSurroundings> = {}) {
  return prepareChecks(checks, {
    client,
    namespace: NAMESPACE,
    objects,
    manifests: [],
    prometheus: { address: prometheus.address, token: '' },
    words: { namespace: NAMESPACE, service: 'web' },
    released: new Date(),
    clock: () => new Date(),
    logger: silentLogger,
    ...more,
  });
}

/** The verdict on what runs, with these checks. */
async function verify(
  checks: readonly Check[],
  more: Partial<CheckSurroundings> = {},
): Promise<RolloutResult> {
  return watch(client, objects, { stableFor: 0, checks: await prepare(checks, more) });
}

const fast = { within: '1s', interval: '1s' };

describe('an HTTP endpoint of a Service', () => {
  it.concurrent.each<[string, NonNullable<Check['http']>]>([
    ['that answers', { service: 'web', path: '/healthz', contains: 'ok' }],
    ['whose name has a word', { service: '${service}', path: '/healthz' }],
    [
      'whose port is named',
      { service: 'web', port: 'http', path: '/status', json: { '/status': 'up', '/load': 0.5 } },
    ],
    [
      'whose port is a number',
      { service: 'web', port: 80, path: '/status?full=1', headers: { 'X-Probe': '1' } },
    ],
    ['that is expected not to exist', { service: 'web', path: '/nothing', status: 404 }],
    ['that answers for a while', { service: 'web', path: '/healthz', for: '2s', interval: '1s' }],
  ])('passes %s', async (_, http) => {
    const result = await verify([{ name: 'front', http }]);
    expect(result).toMatchObject({ verdict: 'succeeded', checks: [{ name: 'front', status: 'passed' }] });
    expect(result.summary).toMatch(/, and 1 check passed, /);
  });

  it.concurrent.each<[string, NonNullable<Check['http']>, RegExp]>([
    [
      'another status',
      { service: 'web', path: '/nothing' },
      /^check "front" failed: GET \/nothing of Service web answered 404, not 200, asked \d times? in /,
    ],
    ['another text', { service: 'web', path: '/healthz', contains: 'fine' }, /answered without "fine"/],
    [
      'another field',
      { service: 'web', path: '/status', json: { '/status': 'down' } },
      /answered with a value at "\/status" other than "down"/,
    ],
    [
      'what is not JSON',
      { service: 'web', path: '/healthz', json: { '/status': 'up' } },
      /did not answer with JSON/,
    ],
    [
      'nothing, on a port where nothing listens',
      { service: 'web', port: 81 },
      /could not be reached: the API server answered 503 in its place/,
    ],
    [
      'nothing, where the status that the API server answers then is the expected one',
      { service: 'web', port: 81, status: 503 },
      /could not be reached: the API server answered 503 in its place/,
    ],
  ])('fails a release that answers with %s', async (_, http, sentence) => {
    const { verdict, summary } = await verify([{ name: 'front', http: { ...fast, ...http } }]);
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(sentence)]);
  });

  it.concurrent('shows what it answered, without the secrets of its pods', async () => {
    const http = { ...fast, service: 'web', path: '/leak', contains: 'nothing' };
    const { checks } = await verify([{ name: 'front', http }]);
    expect(checks[0]?.evidence).toEqual([
      { title: 'Last answer of GET /leak of Service web', lines: ['token *** here'] },
    ]);
  });

  it.concurrent('cannot lead out of the proxy', async () => {
    const http = {
      ...fast,
      service: 'web',
      path: '/../../../../api/v1/namespaces/shop/secrets',
      status: 404,
    };
    expect((await verify([{ name: 'front', http }])).verdict).toBe('succeeded');
  });
});

describe('a Job', () => {
  const jobsLeft = async () =>
    (await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace: NAMESPACE })).items.filter(
      ({ metadata }) => metadata['deletionTimestamp'] === undefined,
    );

  it('of the release runs as a copy, shows its log and is deleted afterwards', async () => {
    const manifests = [smoke('echo all good', { suspend: true })];
    const { verdict, checks } = await verify([{ name: 'smoke', job: { name: 'smoke' } }], { manifests });
    expect(verdict).toBe('succeeded');
    expect(checks).toMatchObject([
      { status: 'passed', message: expect.stringMatching(/^Job smoke-check-\w{8} completed$/) },
    ]);
    expect(checks[0]?.evidence[0]?.lines).toEqual(['all good']);
    expect(await jobsLeft()).toEqual([]);
  });

  it('that fails decides the verdict, with its last log line', async () => {
    const manifest = smoke('echo "orders: no such table"; exit 3');
    const { verdict, summary, checks } = await verify([{ name: 'smoke', job: { manifest } }]);
    expect(verdict).toBe('failed');
    expect(summary).toMatch(
      /^check "smoke" failed: Job shop\/smoke-check-\w+ failed: .*exit code 3.*no such table/,
    );
    expect(JSON.stringify(checks[0]?.evidence)).toContain('orders: no such table');
    expect(await jobsLeft()).toEqual([]);
  });

  it('that someone deletes while it runs has failed', async () => {
    const verifying = verify([{ name: 'smoke', job: { manifest: smoke('sleep 600') } }]);
    await until(async () => (await jobsLeft()).length > 0);
    for (const { metadata } of await jobsLeft())
      await client.delete({ apiVersion: 'batch/v1', kind: 'Job', namespace: NAMESPACE, name: metadata.name });
    const { verdict, summary } = await verifying;
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/it was deleted before it had completed/),
    ]);
  });

  it('that does not finish is stopped in time', async () => {
    const manifest = smoke('sleep 600');
    const { verdict, summary } = await verify([{ name: 'smoke', job: { manifest, timeout: '3s' } }]);
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/its deadline|stopped making progress|activeDeadlineSeconds/),
    ]);
    expect(await jobsLeft()).toEqual([]);
  });
});

describe('a query of Prometheus', () => {
  const query = (more: Partial<NonNullable<Check['prometheus']>>): Check => ({
    name: 'errors',
    prometheus: { query: 'shop_errors', window: '3s', every: '1s', tolerate: 1, ...more },
  });

  /** Waits until Prometheus, which asks the application once a second, gives this value for a query. */
  const untilScraped = (expression: string, value: number): Promise<void> =>
    until(async () => {
      const answer = await fetch(
        `${prometheus.address}/api/v1/query?query=${encodeURIComponent(expression)}`,
      );
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1]) === value;
    });

  it('passes within its bounds, and fails beyond them', async () => {
    await untilScraped('shop_errors', 1);
    expect((await verify([query({ max: 1 })])).verdict).toBe('succeeded');
    const { verdict, summary } = await verify([query({ max: 0.5 })]);
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(
        /^check "errors" failed: the query \(.*job="shop".*\) is 1, more than 0.5, 2 times in a row/,
      ),
    ]);
  });

  it.each<[string, Partial<NonNullable<Check['prometheus']>>, RegExp]>([
    [
      'returns nothing',
      { query: 'shop_orders', max: 1 },
      /the query has no value, 2 times in a row; check that it is scraped/,
    ],
    [
      'divides by nothing',
      { query: 'sum(shop_errors) * 0 / 0', max: 1 },
      /the query is not a number \(NaN\)/,
    ],
    ['is not a query', { query: 'sum(', max: 1 }, /Prometheus answered 400: .*parse error/],
    ['returns text', { query: '"text"', max: 1 }, /returns text, not a number/],
  ])('does not pass where it %s', async (_, more, sentence) => {
    const { verdict, summary } = await verify([query(more)]);
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(sentence)]);
  });

  it.each(['4h', '3s'])('notices what became worse with the release, within a window of %s', async window => {
    errors = 1;
    await untilScraped('max_over_time(shop_errors[3s])', 1);
    const released = new Date();
    errors = 2;
    await untilScraped('shop_errors', 2);
    const compared = query({ query: 'sum(shop_errors)', 'max-increase': '20%', window });
    const { verdict, summary } = await verify([compared], { released });
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/is 2, more than 20% above the 1(\.\d+)? before the release/),
    ]);
  });

  it('does not pass where Prometheus is unreachable', async () => {
    const { verdict, summary } = await verify([query({ max: 1 })], {
      prometheus: { address: 'http://127.0.0.1:1', token: '' },
    });
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(/Prometheus does not answer/)]);
  });

  it('sends its token only to the address', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: prometheus.address }).end();
    });
    const address = `http://${await listen(other)}`;
    const { summary } = await verify([query({ max: 1 })], { prometheus: { address, token: 't0ken' } });
    other.close();
    expect(seen[0]).toBe('Bearer t0ken');
    expect(summary).toMatch(/Prometheus answered 302/);
  });
});

describe('a check that cannot be prepared', () => {
  it.each<[string, Check, RegExp]>([
    [
      'of a Service outside of the release',
      { name: 'a', http: { service: 'wab' } },
      /asks the Service "wab", which is not part of the release; did you mean "web"\?/,
    ],
    [
      'with a header of the API server',
      { name: 'a', http: { service: 'web', headers: { 'Impersonate-User': 'x' } } },
      /sends the header "Impersonate-User"/,
    ],
    [
      'with a placeholder that is not defined',
      { name: 'a', http: { service: 'web', path: '/${namspace}' } },
      /contains the placeholder "namspace", which is not defined here; did you mean "namespace"\?/,
    ],
    [
      'of a Job that does not exist',
      { name: 'a', job: { name: 'smoke' } },
      /runs the Job "smoke", which is not part of the release/,
    ],
    [
      'of a manifest that is not a Job',
      { name: 'a', job: { manifest: { kind: 'Pod' } } },
      /has a manifest that is not a Job/,
    ],
    [
      'of a Job elsewhere',
      {
        name: 'a',
        job: {
          manifest: {
            apiVersion: 'batch/v1',
            kind: 'Job',
            metadata: { name: 'a', namespace: 'kube-system' },
          },
        },
      },
      /in the namespace "kube-system"/,
    ],
  ])('is refused: %s', async (_, check, sentence) => {
    await expect(prepare([check])).rejects.toThrow(sentence);
  });

  it('is refused without an address of Prometheus', async () => {
    const check: Check = { name: 'a', prometheus: { query: 'up', max: 1 } };
    await expect(prepare([check], { prometheus: undefined })).rejects.toThrow(/set the input "prometheus"/);
  });

  it('is refused with the rules that the Role lacks', async () => {
    const limited = await connect(await testbed.cluster.userKubeconfig('jane'));
    const rights = [{ apiGroups: [''], resources: ['services', 'pods'], verbs: ['get', 'list'] }];
    await client.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'jane', namespace: NAMESPACE },
      rules: rights,
    });
    await client.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'jane', namespace: NAMESPACE },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'jane' },
      subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    const checks: Check[] = [
      { name: 'a', http: { service: 'web' } },
      { name: 'b', job: { manifest: smoke('true') } },
    ];
    const refusal = prepare(checks, { client: limited });
    await expect(refusal).rejects.toThrow(
      'add this rule to their Role: {apiGroups: [""], resources: ["services/proxy"], verbs: ["get"]}',
    );
    await expect(refusal).rejects.toThrow(
      '{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create","delete","get","list","watch"]}',
    );
    limited.close();
  });
});
