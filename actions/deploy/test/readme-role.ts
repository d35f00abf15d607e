import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isKubernetesObject, type KubernetesObject } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';

/** The Role and RoleBinding that the README shows, for another namespace. */
export async function readRole(namespace: string): Promise<KubernetesObject[]> {
  const readme = await readFile(resolve(import.meta.dirname, '../README.md'), 'utf8');
  const block = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const documents = parseDocuments(
    block.replaceAll('namespace: shop', `namespace: ${namespace}`),
    'README.md',
  );
  return documents.map(({ value }) => value).filter(isKubernetesObject);
}
