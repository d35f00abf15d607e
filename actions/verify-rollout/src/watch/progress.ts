import { formatDuration, type Logger } from '@slipway/core';
import { describeObject, objectKey } from '@slipway/kubernetes';
import type { CheckChange, RolloutChange } from '@slipway/rollout';

const SIGNS: Readonly<Record<RolloutChange['status'], string>> = {
  ready: '✓',
  unknown: '?',
  'already-failing': '!',
  failed: '✗',
  'in-progress': '…',
};

const CHECK_SIGNS: Readonly<Record<CheckChange['status'], string>> = {
  passed: '✓',
  running: '…',
  failed: '✗',
  'not-finished': '?',
  'not-judged': '?',
};

/** How often the table of what is waited for may come, in milliseconds. */
const TABLE_EVERY = 30_000;
/** A table of fewer says nothing that the last lines do not say. */
const SMALLEST_TABLE = 2;
const MAX_ROWS = 15;

/** Reports a rollout as it proceeds: a line for each change, and at intervals a table of what is still waited for. */
export class Progress {
  readonly changes: RolloutChange[] = [];
  readonly checks: CheckChange[] = [];
  readonly #logger: Logger;
  readonly #started: Date;
  readonly #open = new Map<string, RolloutChange>();
  readonly #timer: NodeJS.Timeout;
  #told = '';

  constructor(logger: Logger, started: Date) {
    this.#logger = logger;
    this.#started = started;
    this.#timer = setInterval(() => this.#table(), TABLE_EVERY);
    this.#timer.unref();
  }

  note(change: RolloutChange): void {
    this.changes.push(change);
    const key = objectKey(change.object);
    if (change.status === 'in-progress') this.#open.set(key, change);
    else this.#open.delete(key);
    this.#logger.info(progressLine(change, this.#started));
  }

  noteCheck(change: CheckChange): void {
    this.checks.push(change);
    this.#logger.info(checkLine(change, this.#started));
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Only if it differs from the last one. */
  #table(): void {
    const rows = [...this.#open.values()];
    const text = rows.length < SMALLEST_TABLE ? '' : waitingTable(rows);
    if (text !== '' && text !== this.#told) this.#logger.info(text);
    this.#told = text;
  }
}

/** One line for one change: `12 s  ✓ Deployment shop/api: 2 of 2 replicas are ready (3 of 7 settled)`. */
export function progressLine(change: RolloutChange, started: Date): string {
  const { at, object, status, message, settled, total } = change;
  return `${after(at, started)}  ${SIGNS[status]} ${describeObject(object)}: ${message} (${settled} of ${total} settled)`;
}

/** `12 s  ✓ check front: GET / of Service web answered 200`. */
export function checkLine({ at, name, status, message }: CheckChange, started: Date): string {
  return `${after(at, started)}  ${CHECK_SIGNS[status]} check ${name}: ${message}`;
}

function after(at: Date, started: Date): string {
  return formatDuration(at.getTime() - started.getTime()).padStart(9);
}

/** What is waited for, in columns. */
export function waitingTable(rows: readonly Pick<RolloutChange, 'object' | 'message'>[]): string {
  const shown = rows
    .slice(0, MAX_ROWS)
    .map(({ object, message }) => [describeObject(object), message] as const);
  const width = Math.max(...shown.map(([name]) => name.length));
  const more = rows.length > MAX_ROWS ? [`  and ${rows.length - MAX_ROWS} more`] : [];
  const lines = shown.map(([name, message]) => `  ${name.padEnd(width)}  ${message}`);
  return [`Waiting for ${rows.length} objects:`, ...lines, ...more].join('\n');
}
