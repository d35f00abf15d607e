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

/** Go's `time.ParseDuration`, which computes fractions in floating point. @throws EvaluationFailure */
export function parseGoDuration(text: string): Duration {
  if (!GO_DURATION.test(text)) throw conversionFailure('google.protobuf.Duration');
  const isNegative = text.startsWith('-');
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = units[unit] ?? 1n;
    nanos += BigInt(whole || '0') * scale + fractionOf(fraction, scale);
    if (nanos > MAX_DURATION + (isNegative ? 1n : 0n)) throw conversionFailure('google.protobuf.Duration');
  }
  return new Duration(isNegative ? -nanos : nanos);
}

/** Digits beyond what 64 bits hold have no effect. https://github.com/golang/go/blob/go1.26.0/src/time/format.go#L1583 */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > MAX_DURATION / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > MAX_DURATION + 1n) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/**
 * RFC 3339 as Go's `time.Parse` takes it: also an hour of one digit, a comma before the fraction and an offset up to 24:60; digits
 * beyond nanoseconds are cut off. @throws EvaluationFailure
 */
export function parseTimestamp(text: string): Timestamp {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d?):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(
    text,
  );
  const [, date = '', hour, minute, second, fraction = '', zone = ''] = match ?? [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (match === null || Number(hour) > 23 || !isDay(date, midnight) || !isOffset(zone))
    throw conversionFailure('google.protobuf.Timestamp');
  const seconds = midnight / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset = minutesOf(zone);
  return checkTimestamp(BigInt(seconds - offset * 60) * SECOND + BigInt(fraction.padEnd(9, '0')), offset);
}

/** Whether a date exists; JavaScript takes the thirtieth of February for a day of March. */
function isDay(date: string, midnight: number): boolean {
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
}

function isOffset(zone: string): boolean {
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60);
}

function minutesOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}

/** Whole seconds since 1970, rounded down. */
export function secondsOf({ nanos }: Timestamp): bigint {
  return nanos / SECOND - (nanos % SECOND < 0n ? 1n : 0n);
}

/** RFC 3339, in the zone that the timestamp was written in. */
export function formatTimestamp({ nanos: instant, offset }: Timestamp): string {
  const nanos = instant + BigInt(offset) * 60n * SECOND;
  const seconds = secondsOf(new Timestamp(nanos));
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

/** Seconds followed by `s`, as cel-go's `string(duration)` returns them: with the digits of a floating-point number. */
export function formatDuration({ nanos }: Duration): string {
  const seconds = Number(nanos / SECOND) + Number(nanos % SECOND) / Number(SECOND);
  if (Math.abs(seconds) >= 1 || seconds === 0) return `${seconds}s`;
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}0.${String(size).padStart(9, '0').replace(/0+$/, '')}s`;
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
  const shifted = new Date(Number(secondsOf(timestamp)) * 1000 + offsetOf(timestamp, zone));
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

/** Milliseconds by which a zone (`Europe/Berlin`, `+02:00`) is ahead of UTC at a time. @throws EvaluationFailure */
function offsetOf(timestamp: Timestamp, zone: string): number {
  if (zone.includes(':')) return fixedOffset(zone) * 60_000;
  if (['UTC', '', 'Local'].includes(zone)) return 0;
  const [, sign, hours, minutes, seconds] = namedOffset(timestamp, zone);
  const size = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -size : size;
}

/** Beyond this many minutes there is no day in the calendar any more. */
const MAX_OFFSET = 1_000_000_000;

/** Hours and minutes as cel-go reads them: any two whole numbers, the second of which counts in the direction of the first. */
function fixedOffset(zone: string): number {
  const [, hours = '', minutes = ''] = /^([+-]?\d+):([+-]?\d+)$/.exec(zone) ?? [];
  const offset = Number(hours) * 60 + (zone.startsWith('-') ? -1 : 1) * Number(minutes);
  if (hours === '' || Math.abs(offset) > MAX_OFFSET) return fail(`unknown time zone ${zone}`);
  return offset;
}

function namedOffset(timestamp: Timestamp, zone: string): readonly (string | undefined)[] {
  const format = openZone(zone);
  const parts = format.formatToParts(new Date(Number(secondsOf(timestamp)) * 1000));
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
}

/** What JavaScript calls a zone and the time zone database does not are abbreviations of three letters. */
const SHORT_ZONES = ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'WET'];

/** Names of zones are names of files to Go, so their case matters; JavaScript takes any, and offsets as well. */
function openZone(zone: string): Intl.DateTimeFormat {
  try {
    if (!/^[A-Z]/.test(zone) || (zone.length === 3 && !SHORT_ZONES.includes(zone)))
      throw new RangeError(zone);
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const { timeZone } = format.resolvedOptions();
    if (timeZone !== zone && timeZone.toLowerCase() === zone.toLowerCase()) throw new RangeError(zone);
    return format;
  } catch {
    throw new EvaluationFailure(`unknown time zone ${zone}`);
  }
}

function dayOfYear({ year, month, day }: Calendar): number {
  return (midnightOf(year, month, day) - midnightOf(year, 0, 1)) / 86_400_000;
}

/** `Date.UTC` takes years before 100 for those of the twentieth century. */
function midnightOf(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
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
    [
      'timestamp.getMilliseconds(string): int',
      (value: Timestamp, zone: string) => {
        offsetOf(value, zone);
        return milliseconds(value);
      },
    ],
    ['duration.getHours(): int', ({ nanos }: Duration) => nanos / (3600n * SECOND)],
    ['duration.getMinutes(): int', ({ nanos }: Duration) => nanos / (60n * SECOND)],
    ['duration.getSeconds(): int', ({ nanos }: Duration) => nanos / SECOND],
    ['duration.getMilliseconds(): int', ({ nanos }: Duration) => nanos / 1_000_000n],
  ],
};
