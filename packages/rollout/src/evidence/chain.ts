import type { JsonObject } from '@slipway/core';
import { type KubernetesObject, objectsAt, textAt } from '@slipway/kubernetes';
import { type ContainerView, containersOf } from '../status/container-view.ts';
import { describeExit } from '../status/exit-codes.ts';
import type { Culprit } from '../status/status.ts';
import { count, oneLine } from '../text.ts';
import { type Evidence, quoted } from './evidence.ts';
import { type PodSecrets, withoutSecrets } from './pod-secrets.ts';

/** The path from the release's object to the container, with Kubernetes' report of how it ended. */
export function chainEvidence(
  object: KubernetesObject,
  { pod, container: name }: Culprit,
  secrets: PodSecrets,
): Evidence {
  const owners = objectsAt(pod, 'metadata', 'ownerReferences')
    .filter(owner => owner['controller'] === true)
    .map(owner => `${textAt(owner, 'kind')} ${textAt(owner, 'name')}`);
  const links = [`${object.kind} ${object.metadata.name}`, ...owners, `Pod ${pod.metadata.name}`];
  const container = containersOf(pod).find(candidate => candidate.name === name);
  const node = textAt(pod, 'spec', 'nodeName');
  const ended = container?.terminated ?? container?.lastTerminated;
  const said = ended && neverRan(ended) ? undefined : terminationMessage(ended, secrets);
  return {
    title: [...new Set(links), ...(name === undefined ? [] : [`container ${name}`])].join(' → '),
    lines: [
      ...(node === undefined ? ['not on a node yet'] : [`on node ${node}`]),
      ...(container === undefined ? [] : containerLines(container, secrets)),
    ],
    lastWords: said === undefined ? undefined : quoted('with the message', said),
  };
}

function containerLines(container: ContainerView, secrets: PodSecrets): readonly string[] {
  const { waiting, terminated, lastTerminated, running, restarts, spec } = container;
  return [
    `image ${oneLine(container.image)}`,
    ...(waiting === undefined ? [] : [`waiting: ${waiting.reason}${after(waiting.message)}`]),
    ...(running ? [`running and ${container.ready ? '' : 'not '}ready`] : []),
    ...(terminated === undefined ? [] : endLines('ended', terminated, spec, secrets)),
    ...(lastTerminated === undefined
      ? []
      : endLines('its previous run ended', lastTerminated, spec, secrets)),
    count(restarts, 'restart'),
  ];
}

function endLines(
  words: string,
  terminated: JsonObject,
  spec: JsonObject,
  secrets: PodSecrets,
): readonly string[] {
  const limit = textAt(spec, 'resources', 'limits', 'memory');
  const memory =
    textAt(terminated, 'reason') === 'OOMKilled' && limit !== undefined ? `, limit ${limit}` : '';
  const message = terminationMessage(terminated, secrets);
  return [
    `${words} with ${describeExit(terminated)}${memory} at ${textAt(terminated, 'finishedAt') ?? 'an unknown time'}`,
    ...(message === undefined
      ? []
      : [`${neverRan(terminated) ? 'the runtime reported' : 'its termination message'}: ${message}`]),
  ];
}

/** Whether the container never ran: then the message is the runtime's, and the summary has it already. */
function neverRan(terminated: JsonObject): boolean {
  return /^(?:StartError|ContainerCannotRun)$/.test(textAt(terminated, 'reason') ?? '');
}

/** The termination message without secrets: the application writes it, so it may contain them. */
function terminationMessage(terminated: JsonObject | undefined, secrets: PodSecrets): string | undefined {
  const message = terminated && textAt(terminated, 'message');
  return message === undefined ? undefined : withoutSecrets(message, secrets);
}

function after(message: string): string {
  const said = oneLine(message);
  return said === '' ? '' : `: ${said}`;
}
