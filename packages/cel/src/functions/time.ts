import { EvaluationFailure, fail } from '../values/failure.ts';
import { Duration, Timestamp } from '../values/values.ts';
import type { Library } from './function-table.ts';

const SECOND = 1_000_000_000n;
const MAX_DURATION = (1n << 63n) - 1n;
/** 0001-01-01 to 9999-12-31, as protobuf's Timestamp has it. */
const MIN_TIMESTAMP = -62_135_596_800n * SECOND;
const MAX_TIMESTAMP = 253_402_300_800n * SECOND;

export function checkDuration(nanos: bigint): Duration {
  return nanos > MAX_DURATION || nanos < -MAX_DURATION - 1n ? fail('duration overflow') : new Duration(nanos);
}

export function checkTimestamp(nanos: bigint, offset = 0): Timestamp {
  if (nanos >= MAX_TIMESTAMP || nanos < MIN_TIMESTAMP) return fail('timestamp overflow');
  return new Timestamp(nanos, offset);
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** The failure of converting a text that is not a value of the type. */
export function conversionFailure(type: string): EvaluationFailure {
  return new EvaluationFailure(`type conversion error from 'string' to '${type}'`);
}

/** Go's `time.ParseDuration`. @throws EvaluationFailure */
export function parseGoDuration(text: string): Duration {
  if (!GO_DURATION.test(text)) throw conversionFailure('google.protobuf.Duration');
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = units[unit] ?? 1n;
    nanos += BigInt(whole || '0') * scale;
    if (fraction !== '') nanos += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  return checkDuration(text.startsWith('-') ? -nanos : nanos);
}

/** RFC 3339. @throws EvaluationFailure */
export function parseTimestamp(text: string): Timestamp {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const [, date, clock, fraction = '', zone] = match ?? [];
  const milliseconds = Date.parse(`${date}T${clock}${zone}`);
  if (match === null || Number.isNaN(milliseconds)) throw conversionFailure('google.protobuf.Timestamp');
  const nanos = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0');
  return checkTimestamp(nanos, minutesOf(zone ?? 'Z'));
}

function minutesOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}

/** RFC 3339, in the zone that the timestamp was written in. */
export function formatTimestamp({ nanos: instant, offset }: Timestamp): string {
  const nanos = instant + BigInt(offset) * 60n * SECOND;
  const seconds = nanos / SECOND - (nanos % SECOND < 0n ? 1n : 0n);
  const rest = nanos - seconds * SECOND;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${text}${fraction}${formatOffset(offset)}`;
}

function formatOffset(offset: number): string {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  const [hours, minutes] = [Math.floor(size / 60), size % 60].map(part => String(part).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** Seconds followed by `s`, as cel-go's `string(duration)` returns them. */
export function formatDuration({ nanos }: Duration): string {
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  const rest = size % SECOND;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${sign}${size / SECOND}${fraction}s`;
}

interface Calendar {
  readonly year: number;
  /** From 0 for January. */
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function calendarOf(timestamp: Timestamp, zone = 'UTC'): Calendar {
  const shifted = new Date(Number(timestamp.nanos / 1_000_000n) + offsetOf(timestamp, zone));
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

/** Milliseconds by which a zone (`Europe/Berlin`, `+02:00`) is ahead of UTC at a time. */
function offsetOf(timestamp: Timestamp, zone: string): number {
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return (fixed[1] === '-' ? -minutes : minutes) * 60_000;
  }
  if (zone === 'UTC' || zone === '') return 0;
  const instant = Number(timestamp.nanos / 1_000_000n);
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(new Date(instant));
    const part = (type: string): number => Number(parts.find(found => found.type === type)?.value);
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return local - Math.floor(instant / 1000) * 1000;
  } catch {
    throw new EvaluationFailure(`unknown time zone ${zone}`);
  }
}

function dayOfYear({ year, month, day }: Calendar): number {
  return (Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000;
}

const getters: readonly (readonly [string, (calendar: Calendar) => number])[] = [
  ['getFullYear', ({ year }) => year],
  ['getMonth', ({ month }) => month],
  ['getDayOfYear', dayOfYear],
  ['getDayOfMonth', ({ day }) => day - 1],
  ['getDate', ({ day }) => day],
  ['getDayOfWeek', ({ weekday }) => weekday],
  ['getHours', ({ hour }) => hour],
  ['getMinutes', ({ minute }) => minute],
  ['getSeconds', ({ second }) => second],
];

function milliseconds({ nanos }: Timestamp): bigint {
  return (((nanos % SECOND) + SECOND) % SECOND) / 1_000_000n;
}

export const time: Library = {
  since: 0,
  functions: [
    ...getters.flatMap(([name, get]): Library['functions'] => [
      [`timestamp.${name}(): int`, (value: Timestamp) => BigInt(get(calendarOf(value)))],
      [
        `timestamp.${name}(string): int`,
        (value: Timestamp, zone: string) => BigInt(get(calendarOf(value, zone))),
      ],
    ]),
    ['timestamp.getMilliseconds(): int', milliseconds],
    ['timestamp.getMilliseconds(string): int', milliseconds],
    ['duration.getHours(): int', ({ nanos }: Duration) => nanos / (3600n * SECOND)],
    ['duration.getMinutes(): int', ({ nanos }: Duration) => nanos / (60n * SECOND)],
    ['duration.getSeconds(): int', ({ nanos }: Duration) => nanos / SECOND],
    ['duration.getMilliseconds(): int', ({ nanos }: Duration) => nanos / 1_000_000n],
  ],
};
