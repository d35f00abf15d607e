import { quote, SlipwayError, textMap } from '@slipway/core';
import { type KubernetesObject, namespaceOf, objectAt, podReferences } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';
import { oneLine } from '../text.ts';
import { mask, secretForms } from './mask.ts';
import { plainLine } from './neutralise.ts';

/** All forms in which the Secrets of a pod may appear, or why they are unknown; then nothing that the pod wrote may be shown. */
export type PodSecrets =
  | {
      readonly forms: readonly string[];
      /** Secrets that the pod cannot have started without and that do not exist any more: its log may still have them. */
      readonly deleted?: readonly string[];
    }
  | { readonly unreadable: string };

export async function readPodSecrets(
  client: Pick<RolloutCluster, 'get'>,
  pod: KubernetesObject,
): Promise<PodSecrets> {
  const namespace = namespaceOf(pod);
  try {
    const names = secretNames(pod);
    const secrets = await Promise.all(
      names.map(name => client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })),
    );
    const needed = neededNames(pod);
    const deleted = names.filter((name, index) => secrets[index] === undefined && needed.has(name));
    return { forms: secretForms(secrets.flatMap(valuesOf)), ...(deleted.length === 0 ? {} : { deleted }) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { unreadable: oneLine(error.problems[0]?.message ?? error.code) };
  }
}

function valuesOf(secret: KubernetesObject | undefined): readonly string[] {
  return Object.values(textMap(secret?.['data'])).map(value => Buffer.from(value, 'base64').toString('utf8'));
}

/** Why the log of a pod may not be shown; undefined if all of its Secrets are known. */
export function hiddenLog(secrets: PodSecrets): string | undefined {
  if ('unreadable' in secrets)
    return `not shown: its Secrets cannot be read to mask them (${secrets.unreadable})`;
  const [name] = secrets.deleted ?? [];
  return name === undefined
    ? undefined
    : `not shown: its Secret ${quote(name)} does not exist any more, so it cannot be masked`;
}

/** Names of the Secrets without which a pod does not start; a missing pull secret does not keep it from starting. */
function neededNames(pod: KubernetesObject): ReadonlySet<string> {
  const references = podReferences(objectAt(pod, 'spec') ?? {});
  const needed = references.filter(
    ({ kind, optional, path }) => kind === 'Secret' && !optional && path[0] !== 'imagePullSecrets',
  );
  return new Set(needed.map(({ name }) => name));
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
