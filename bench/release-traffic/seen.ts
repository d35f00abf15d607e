import { CLIENTS, type Client, type Outcome } from '../selector-traffic/figures.ts';
import type { Timeline } from './timeline.ts';

/** What clients have seen of a release from its beginning to its end. */
export interface Seen {
  readonly requests: Readonly<Record<Client, number>>;
  readonly failed: Readonly<Record<Client, number>>;
  /** How many failed in each phase of the release, with what they failed with. */
  readonly when: readonly string[];
  /** Seconds from the first and from the second crash of the copy to the last request that it answered. */
  readonly afterCrash: readonly AfterCrash[];
  readonly seconds: number;
}

export interface AfterCrash {
  /** To the last one on a connection of its own. */
  readonly connection: number;
  /** To the last one at all. */
  readonly request: number;
}

export interface Span {
  readonly began: number;
  readonly ended: number;
}

export function seenOf(outcomes: readonly Outcome[], { phases, crashes }: Timeline, span: Span): Seen {
  const own = outcomes.filter(({ began }) => began >= span.began && began < span.ended);
  const failures = own.filter(({ error }) => error !== undefined);
  const byClient = (list: readonly Outcome[]) =>
    Object.fromEntries(
      CLIENTS.map(client => [client, list.filter(one => one.client === client).length]),
    ) as Record<Client, number>;
  const onCopy = own.filter(({ version, error }) => version === 'new' && error === undefined);
  const lastAfter = (list: readonly Outcome[], crash: number): number =>
    Math.max(0, Math.max(crash, ...list.map(({ began }) => began)) - crash) / 1000;
  return {
    requests: byClient(own),
    failed: byClient(failures),
    when: [
      ...Map.groupBy(failures, one => `${phaseAt(phases, one.ended)}: ${one.client}, ${kindOf(one)}`),
    ].map(([what, list]) => `${list.length} × ${what}`),
    afterCrash: crashes.slice(0, 2).map(crash => ({
      connection: lastAfter(
        onCopy.filter(({ client }) => client !== 'pooled'),
        crash,
      ),
      request: lastAfter(onCopy, crash),
    })),
    seconds: (span.ended - span.began) / 1000,
  };
}

function phaseAt(phases: Timeline['phases'], at: number): string {
  return phases.findLast(phase => phase.at <= at)?.name ?? 'before';
}

/** Without addresses and ports, so that the same failure is counted once. */
function kindOf({ error = '' }: Outcome): string {
  return error.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, '…').replace(/read tcp …->…: |dial tcp …: /g, '');
}
