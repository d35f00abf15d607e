import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';

/** The shipped Role and RoleBinding, for another user and namespace than those of the example. */
export async function readRole(
  who: 'deployer' | 'planner' | 'viewer',
  namespace: string,
): Promise<KubernetesObject[]> {
  const file = resolve(import.meta.dirname, `../../../examples/roles/${who}.yaml`);
  const text = (await readFile(file, 'utf8')).replaceAll('namespace: shop', `namespace: ${namespace}`);
  return parseDocuments(text, file)
    .map(({ value }) => value)
    .filter(isKubernetesObject);
}
