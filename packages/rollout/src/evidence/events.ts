import { type JsonObject, SlipwayError } from '@slipway/core';
import { type KubernetesObject, namespaceOf, numberAt, textAt, uidOf } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';
import type { Culprit } from '../status/status.ts';
import { oneLine } from '../text.ts';
import { type Evidence, quoted } from './evidence.ts';
import { type PodSecrets, withoutSecrets } from './pod-secrets.ts';

/** The most groups of events that are shown for an object. */
const MAX_SHOWN = 12;

/**
 * How much older than the release an event may seem and still belong to it: its time is the cluster's, the release's is the
 * runner's, and NTP keeps both close.
 */
const CLOCK_SKEW = 5_000;

/** What happened to one object: equal events counted together, the newest last. */
export async function eventEvidence(
  client: Pick<RolloutCluster, 'list'>,
  object: KubernetesObject,
  since?: Date,
): Promise<readonly Evidence[]> {
  const title = titleOf(object);
  const events = await readEvents(client, object);
  if (events === undefined) return [{ title, lines: [UNREADABLE] }];
  const earliest = since === undefined ? 0 : since.getTime() - CLOCK_SKEW;
  // An event without a readable time is shown rather than lost.
  const lines = summariseEvents(events.filter(event => !(Date.parse(lastTime(event)) < earliest)));
  return lines.length === 0 ? [] : [{ title, lines }];
}

/** The same for a pod, whose events quote its application's answers to probes. */
export async function podEventEvidence(
  client: Pick<RolloutCluster, 'list'>,
  culprit: Culprit,
  secrets: PodSecrets,
): Promise<readonly Evidence[]> {
  const { pod } = culprit;
  const title = titleOf(pod);
  const events = (await readEvents(client, pod))?.map(event => masked(event, secrets));
  if (events === undefined) return [{ title, lines: [UNREADABLE] }];
  const lines = summariseEvents(events);
  if (lines.length === 0) return [];
  return [{ title, lines, lastWords: probeWords(events, culprit) }];
}

/** The part of a probe or a hook: it keeps the container from becoming ready, or had it killed. */
function probeWords(events: readonly JsonObject[], { container, field }: Culprit): string | undefined {
  const answers = events
    .filter(event => textAt(event, 'reason') === 'Unhealthy')
    .map(event => textAt(event, 'message') ?? '');
  const last = answers.at(-1);
  if (field === 'readinessProbe') return last === undefined ? undefined : quoted('with the answer', last);
  const hook = events.findLast(
    event =>
      textAt(event, 'reason') === 'FailedPostStartHook' &&
      textAt(event, 'involvedObject', 'fieldPath') === `spec.containers{${container}}`,
  );
  if (hook !== undefined) return quoted('killed by the kubelet after', textAt(hook, 'message') ?? '');
  const killed = events.some(
    event =>
      textAt(event, 'reason') === 'Killing' &&
      textAt(event, 'message')?.startsWith(`Container ${container} failed `) === true,
  );
  const fatal = answers.findLast(answer => /^(?:Liveness|Startup) probe /.test(answer)) ?? last;
  return killed && fatal !== undefined ? quoted('killed by the kubelet after', fatal) : undefined;
}

const UNREADABLE = 'not shown: they cannot be read with these credentials';

function titleOf(object: KubernetesObject): string {
  return `Events of ${object.kind} ${object.metadata.name}`;
}

/** Undefined without the right to read events. */
async function readEvents(
  client: Pick<RolloutCluster, 'list'>,
  object: KubernetesObject,
): Promise<readonly JsonObject[] | undefined> {
  try {
    const { items } = await client.list({
      apiVersion: 'v1',
      kind: 'Event',
      namespace: namespaceOf(object),
      fieldSelector: `involvedObject.uid=${uidOf(object)}`,
    });
    return items;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return undefined;
  }
}

function masked(event: JsonObject, secrets: PodSecrets): JsonObject {
  const said = textAt(event, 'message') ?? '';
  const message = withoutSecrets(said, secrets);
  if (message !== undefined) return { ...event, message };
  // Only events of probes and hooks quote the application.
  const isApplications = /^(Unhealthy|ProbeWarning|Failed\w*Hook)$/.test(textAt(event, 'reason') ?? '');
  return isApplications ? { ...event, message: '(message not shown)' } : event;
}

/** `4x Warning BackOff: Back-off restarting failed container`, sorted by when each last happened. */
export function summariseEvents(events: readonly JsonObject[]): readonly string[] {
  const groups = new Map<string, { count: number; last: string }>();
  for (const event of events) {
    const text = `${textAt(event, 'type') ?? 'Normal'} ${textAt(event, 'reason') ?? ''}: ${oneLine(textAt(event, 'message') ?? '')}`;
    const group = groups.get(text) ?? { count: 0, last: '' };
    const last = lastTime(event);
    groups.set(text, {
      count: group.count + occurrences(event),
      last: [last, group.last].toSorted().at(-1) ?? last,
    });
  }
  return [...groups]
    .toSorted(([, a], [, b]) => (a.last < b.last ? -1 : 1))
    .slice(-MAX_SHOWN)
    .map(([text, { count }]) => `${count}x ${text}`);
}

function occurrences(event: JsonObject): number {
  return numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1;
}

function lastTime(event: JsonObject): string {
  return (
    textAt(event, 'series', 'lastObservedTime') ??
    textAt(event, 'lastTimestamp') ??
    textAt(event, 'eventTime') ??
    textAt(event, 'metadata', 'creationTimestamp') ??
    ''
  );
}
