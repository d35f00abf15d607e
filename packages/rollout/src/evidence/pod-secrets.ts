import { SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, namespaceOf, objectAt, podReferences } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';
import { oneLine } from '../text.ts';
import { mask, secretForms } from './mask.ts';
import { plainLine } from './neutralise.ts';

/** All forms in which the Secrets of a pod may appear, or why they are unknown; then nothing that the pod wrote may be shown. */
export type PodSecrets = { readonly forms: readonly string[] } | { readonly unreadable: string };

export async function readPodSecrets(
  client: Pick<RolloutCluster, 'get'>,
  pod: KubernetesObject,
): Promise<PodSecrets> {
  const namespace = namespaceOf(pod);
  try {
    const secrets = await Promise.all(
      secretNames(pod).map(name => client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })),
    );
    return { forms: secretForms(secrets.flatMap(valuesOf)) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { unreadable: oneLine(error.problems[0]?.message ?? error.code) };
  }
}

function valuesOf(secret: KubernetesObject | undefined): readonly string[] {
  return Object.values(textMap(secret?.['data'])).map(value => Buffer.from(value, 'base64').toString('utf8'));
}

/** Names of all Secrets that a pod uses, in its environment, volumes and pull secrets. */
export function secretNames(pod: KubernetesObject): readonly string[] {
  const references = podReferences(objectAt(pod, 'spec') ?? {});
  return [...new Set(references.filter(({ kind }) => kind === 'Secret').map(({ name }) => name))];
}

/** An application's text on one line without secrets; undefined where the secrets are unknown. */
export function withoutSecrets(text: string, secrets: PodSecrets): string | undefined {
  return 'forms' in secrets ? oneLine(plainLine(mask(text, secrets.forms))) : undefined;
}
