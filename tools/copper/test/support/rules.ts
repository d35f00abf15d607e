import type { SourceDocument } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { check } from '@slipway/policy';
import { parseDocuments } from '@slipway/yaml';
import { convertCopper } from '../../convert.ts';

export const NAMESPACE = 'copper';

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

export const good = deployment(
  'good',
  [
    container('api', 'localhost:5000/acme/api:1.2', 8080),
    container('mysql', `mysql:8@sha256:${'a'.repeat(64)}`, 3306),
  ],
  { tier: 'api' },
  { imagePullSecrets: [{ name: 'registry' }] },
);
export const bad = deployment('bad', [container('web', 'localhost:5000/acme/web', 80)], { tier: 'db' });

export const { policies, problems } = convertCopper(source, ['Deployment']);
export const documents = parseDocuments(policies, 'copper.yaml');

export async function failing(object: KubernetesObject): Promise<string[]> {
  const found = await check({
    objects: [{ object }],
    policies: documents as readonly SourceDocument[],
    packs: [],
    kubernetesVersion: '1.36',
    namespace: NAMESPACE,
  });
  return found.filter(({ rule }) => !rule.startsWith('policy/')).map(({ message }) => message);
}
