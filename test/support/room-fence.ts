import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { type Files, files } from './instances.ts';

const FILE = resolve(import.meta.dirname, '../../examples/roles/spawner.yaml');

/** The objects of examples/roles/spawner.yaml, for the repository with this number. */
async function spawnerObjects(repositoryId: number): Promise<readonly KubernetesObject[]> {
  const text = await readFile(FILE, 'utf8');
  return parseDocuments(text.replace('repository-id: "1"', `repository-id: "${repositoryId}"`), FILE)
    .map(({ value }) => value)
    .filter(isKubernetesObject);
}

/** Applies the file as an administrator, and waits until the API server's policies refuse what they must. */
export async function raiseFence(
  admin: ClusterClient,
  keeper: ClusterClient,
  repositoryId = 1,
): Promise<void> {
  for (const object of await spawnerObjects(repositoryId)) await admin.create(object);
  const foreign = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'not-fenced-yet' } };
  for (;;) {
    try {
      await keeper.create(foreign, { dryRun: true });
    } catch (error) {
      if (String(error).includes('denied request')) return;
    }
    await new Promise(done => setTimeout(done, 100));
  }
}

/** The application whose instances have namespaces of their own. */
export function created(atMost = 3, more = ''): Files {
  const given = files('shop-staging', atMost);
  const preview = String(given['formations/preview.yaml'])
    .replace(/ {2}name-prefix: .*\n {2}labels: .*\n/, '')
    .replace('form: shared', `form: create\n    tenant: tenant${more}`)
    .replace('namespace: shop-staging', 'namespace: "shop-pr-${spawn}"');
  const api = String(given['stencils/api.yaml']).replace(
    '    spec:\n',
    `    spec:
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
`,
  );
  const restricted = api.replace(
    '          resources:',
    '          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }\n          resources:',
  );
  return { ...given, 'formations/preview.yaml': preview, 'stencils/api.yaml': restricted };
}
