import { type JsonObject, type KubernetesObject, SlipwayError } from '@slipway/core';
import type { RolloutCluster } from '../rollout.ts';
import { namespaceOf, numberAt, textAt, uidOf } from '../status/fields.ts';
import { oneLine } from '../text.ts';
import type { Evidence } from './evidence.ts';

/** Kinds of events shown for an object. */
const MAX_SHOWN = 12;

/** What happened to one object: equal events counted together, the newest last. */
export async function eventEvidence(
  client: Pick<RolloutCluster, 'list'>,
  object: KubernetesObject,
): Promise<readonly Evidence[]> {
  const title = `Events of ${object.kind} ${object.metadata.name}`;
  try {
    const { items } = await client.list({
      apiVersion: 'v1',
      kind: 'Event',
      namespace: namespaceOf(object),
      fieldSelector: `involvedObject.uid=${uidOf(object)}`,
    });
    const lines = summariseEvents(items);
    return lines.length === 0 ? [] : [{ title, lines }];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return [{ title, lines: ['not shown: they cannot be read with these credentials'] }];
  }
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
