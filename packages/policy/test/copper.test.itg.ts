import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject, SourceDocument } from '@slipway/core';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { parseDocuments } from '@slipway/yaml';
import { convertCopper } from '../src/copper/convert.ts';
import { check } from '../src/index.ts';
import { type ApiServer, openApiServer } from './support/api-server.ts';
import { createAll, policyWarnings, until } from './support/parity.ts';

const NAMESPACE = 'copper';

/** Rules as Copper's own samples have them, and what each says of the two Deployments below. */
const source = `
var ports = (8000..9000) // a constant
rule NoLatest ensure { fetch("$.spec.template.spec.containers..image").as(:image).pick(:tag).contains("latest") == false }
rule NoLatestByPattern warn { fetch("$.spec.template.spec.containers..image").extract(".*:(.*)", 1).contains("latest") == false }
rule SecretIsAvailable warn { fetch("$.spec.template.spec.imagePullSecrets").count != 0 }
rule DatabasePort warn { fetch("$.spec.template.spec.containers[?(@.name == 'mysql')].ports..containerPort").count = 1 }
rule ApiVersion ensure { fetch("$.apiVersion").first == "apps/v1" and fetch("$.metadata.labels.tier").first in ["web", "api"] }
/* several
   lines */
rule PortsInRange warn { fetch("$.spec.template.spec.containers[0].ports[0].containerPort").first in ports }
rule Names warn { fetch("$.spec.template.spec.containers[*].name") == ["mysql", "api"] }
rule Replicas warn { fetch("$.spec.replicas").first >= 2 or fetch("$.metadata.annotations['a.b/single']").count > 0 }
rule Broken ensure { fetch("$.spec.template..name").first == "api" }
rule Constant warn { 1 = 1 }
`;

const container = (name: string, image: string, port: number) => ({
  name,
  image,
  ports: [{ containerPort: port }],
});

function deployment(name: string, containers: object[], labels: object, more: object = {}): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: { app: 'a' } } },
      template: { metadata: { labels: { app: 'a' } }, spec: { containers, ...more } },
    },
  } as never;
}

const good = deployment(
  'good',
  [
    container('api', 'localhost:5000/acme/api:1.2', 8080),
    container('mysql', `mysql:8@sha256:${'a'.repeat(64)}`, 3306),
  ],
  { tier: 'api' },
  { imagePullSecrets: [{ name: 'registry' }] },
);
const bad = deployment('bad', [container('web', 'localhost:5000/acme/web', 80)], { tier: 'db' });

const { policies, problems } = convertCopper(source, ['Deployment']);
const documents = parseDocuments(policies, 'copper.yaml');

async function failing(object: KubernetesObject): Promise<string[]> {
  const found = await check({
    objects: [{ object }],
    policies: documents as readonly SourceDocument[],
    packs: [],
    kubernetesVersion: '1.36',
    namespace: NAMESPACE,
  });
  return found.filter(({ rule }) => !rule.startsWith('policy/')).map(({ message }) => message);
}

const named = (...rules: string[]): string[] => rules.map(rule => `rule ${rule} of Copper`).sort();

describe('rules of Copper', () => {
  it('that say something else in CEL are not converted, and named with their lines', () => {
    expect(problems.map(({ rule, line }) => [rule, line])).toEqual([
      ['Broken', 13],
      ['Constant', 14],
    ]);
  });

  it('say of objects what they said, an image with a port in its registry excepted, which they misread', async () => {
    expect((await failing(good)).sort()).toEqual(named('Replicas'));
    expect((await failing(bad)).sort()).toEqual(
      named(
        'NoLatest',
        'NoLatestByPattern',
        'SecretIsAvailable',
        'DatabasePort',
        'ApiVersion',
        'PortsInRange',
        'Names',
        'Replicas',
      ),
    );
  });
});

describe('converted rules on an API server', () => {
  let testbed: Testbed;
  let server: ApiServer;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['cluster'] });
    server = openApiServer(testbed.cluster?.kubeconfig ?? '');
    const objects = documents.map(({ value }) => value as never as KubernetesObject);
    // All as warnings, so that one request tells all of them.
    for (const { kind, spec } of objects)
      if (kind.endsWith('Binding'))
        (spec as never as { validationActions: string[] }).validationActions = ['Warn'];
    await createAll(server, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      ...objects,
    ]);
  }, 600_000);

  afterAll(async () => {
    server.stop();
    await testbed.stop();
  });

  it.each([good, bad])('are taken, and say the same: $metadata.name', async object => {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments?dryRun=All`;
    const ask = async () => policyWarnings((await server.send('POST', path, object)).warnings);
    const own = [...new Set(await failing(object))].sort();
    await until(async () => (await ask()).length >= own.length);
    expect(await ask()).toEqual(own);
  });
});
