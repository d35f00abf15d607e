import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterClient } from '@slipway/cluster';
import { textMap } from '@slipway/core';

/** What a pod of one version does with its requests. */
export interface Behaviour {
  /** Requests a second. */
  readonly requests: number;
  /** Bad ones of a hundred. */
  readonly bad: number;
  /** How long an answer takes, beside one that takes 0.3 s. */
  readonly slowness: number;
}

export const GOOD: Behaviour = { requests: 100, bad: 0.2, slowness: 1 };

export interface Play {
  readonly stable: Behaviour;
  readonly next: Behaviour;
}

/** The metrics that the pods of a namespace would have; Prometheus scrapes all of them from here. */
export interface Metrics {
  /** `host:port` */
  readonly target: string;
  set(namespace: string, play: Play): void;
  forget(namespace: string): void;
  close(): void;
}

/** Nothing runs on kwok's nodes: what pods count is computed from the time since each was seen first. */
export async function startMetrics(client: ClusterClient): Promise<Metrics> {
  const plays = new Map<string, Play>();
  const counts = new Map<string, Count>();
  const server = createServer((_request, response) => {
    void scrape(client, plays, counts).then(
      text => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      () => response.destroy(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (namespace, play) => void plays.set(namespace, play),
    forget: namespace => void plays.delete(namespace),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a pod has counted; it goes on by what it does now. */
interface Count {
  at: number;
  all: number;
  bad: number;
}

async function scrape(
  client: ClusterClient,
  plays: ReadonlyMap<string, Play>,
  counts: Map<string, Count>,
): Promise<string> {
  const now = Date.now() / 1000;
  const texts = await Promise.all(
    [...plays].map(async ([namespace, play]) => {
      const { items } = await client.listMetadata({ apiVersion: 'v1', kind: 'Pod', namespace });
      return items.map(({ metadata: { name, labels = {} } }) => {
        const isNext = textMap(labels)['slipway.dev/track'] === 'next';
        const behaviour = isNext ? play.next : play.stable;
        const key = `${namespace}/${name}`;
        const count = grown(counts.get(key) ?? { at: now, all: 0, bad: 0 }, behaviour, now);
        counts.set(key, count);
        return exposed(`namespace="${namespace}",pod="${name}"`, count, behaviour, now + name.length);
      });
    }),
  );
  return `${texts.flat(2).join('\n')}\n`;
}

function grown({ at, all, bad }: Count, behaviour: Behaviour, now: number): Count {
  const more = behaviour.requests * (now - at);
  return { at: now, all: all + more, bad: bad + (more * behaviour.bad) / 100 };
}

function exposed(
  labels: string,
  { all, bad }: Count,
  { requests, slowness }: Behaviour,
  phase: number,
): string[] {
  const level = requests === 0 ? Number.NaN : (0.3 + 0.02 * Math.sin(phase)) * slowness;
  return [
    `http_requests_total{${labels},code="200"} ${Math.floor(all) - Math.floor(bad)}`,
    `http_requests_total{${labels},code="500"} ${Math.floor(bad)}`,
    `answer_seconds{${labels}} ${level}`,
  ];
}
