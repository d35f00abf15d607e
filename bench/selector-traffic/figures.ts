import type { Act } from './acts.ts';

export const CLIENTS = ['new', 'pooled', 'slow'] as const;
export type Client = (typeof CLIENTS)[number];

/** A request as testbed/go/traffic prints it; times are milliseconds since 1970. */
export interface Outcome {
  readonly began: number;
  readonly ended: number;
  readonly client: Client;
  readonly version?: string;
  readonly error?: string;
}

/** What one client saw from one act until the next. */
export interface Seen {
  readonly requests: number;
  readonly failed: number;
  /** Requests that the copy answered, of those that were answered. */
  readonly onCopy: number;
  readonly answered: number;
  /** Seconds from the acceptance of the act until the last request began that the copy answered; undefined if there was none. */
  readonly lastOnCopy: number | undefined;
  readonly errors: ReadonlyMap<string, number>;
}

export function seenBy(client: Client, { began, accepted, ended }: Act, outcomes: readonly Outcome[]): Seen {
  const own = outcomes.filter(one => one.client === client && one.began >= began && one.began < ended);
  const answered = own.filter(({ error }) => error === undefined);
  // The share is that of the act's result: the first two seconds are the way to it.
  const settled = answered.filter(one => one.began >= accepted + 2000);
  const onCopy = (list: readonly Outcome[]) => list.filter(({ version }) => version === 'next');
  const last = Math.max(...onCopy(answered).map(one => one.began));
  const failures = own.filter(({ error }) => error !== undefined);
  return {
    requests: own.length,
    failed: failures.length,
    onCopy: onCopy(settled).length,
    answered: settled.length,
    lastOnCopy: Number.isFinite(last) ? Math.max(0, last - accepted) / 1000 : undefined,
    errors: new Map(
      [...Map.groupBy(failures, ({ error = '' }) => kindOf(error))].map(([kind, list]) => [
        kind,
        list.length,
      ]),
    ),
  };
}

/** Without addresses and ports, so that the same failure is counted once. */
function kindOf(error: string): string {
  return error.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, '…').replace(/read tcp …->…: |dial tcp …: /g, '');
}

/** Requests of each client by version and second, for whoever looks closer. */
export function perSecond(outcomes: readonly Outcome[], from: number): string {
  const groups = Map.groupBy(outcomes, ({ began }) => Math.floor((began - from) / 1000));
  const lines = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([second, list]) => {
      const counts = CLIENTS.map(client => {
        const own = list.filter(one => one.client === client);
        const by = Map.groupBy(own, ({ error, version = '?' }) => (error === undefined ? version : 'failed'));
        return `${client} ${[...by]
          .sort()
          .map(([key, of]) => `${key}=${of.length}`)
          .join(' ')}`;
      });
      return `${second}\t${counts.join('\t')}`;
    });
  return `${lines.join('\n')}\n`;
}

export function table(acts: readonly Act[], outcomes: readonly Outcome[]): string {
  const head = [
    '| act | failed: new | pooled | slow | share of the copy: new | pooled | last on the copy after: new | pooled | slow |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
  ];
  const rows = acts.map(act => {
    const [fresh, pooled, slow] = CLIENTS.map(client => seenBy(client, act, outcomes)) as [Seen, Seen, Seen];
    const cells = [
      ...[fresh, pooled, slow].map(({ failed, requests }) => `${failed} of ${requests}`),
      ...[fresh, pooled].map(share),
      ...[fresh, pooled, slow].map(last),
    ];
    return `| ${act.name} | ${cells.join(' | ')} |`;
  });
  const kinds = acts.flatMap(act =>
    CLIENTS.flatMap(client =>
      [...seenBy(client, act, outcomes).errors].map(
        ([kind, count]) => `- ${act.name}, ${client}: ${count} × ${kind}`,
      ),
    ),
  );
  return [...head, ...rows, '', ...kinds].join('\n');
}

function share({ onCopy, answered }: Seen): string {
  return answered === 0 ? '–' : `${((100 * onCopy) / answered).toFixed(1)} %`;
}

function last({ lastOnCopy }: Seen): string {
  return lastOnCopy === undefined ? 'none' : `${lastOnCopy.toFixed(1)} s`;
}
