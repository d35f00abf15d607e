import { EvaluationFailure, fail } from '../values/failure.ts';
import { TEXT_FACTOR } from '../values/meter.ts';
import {
  Double,
  type Duration,
  formatDouble,
  sizeOf,
  type Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../values/values.ts';
import type { Cost, Library } from './function-table.ts';
import { checkInt, checkUint } from './operators.ts';
import {
  checkTimestamp,
  conversionFailure,
  formatDuration,
  formatTimestamp,
  parseGoDuration,
  parseTimestamp,
} from './time.ts';

const costOfText: Cost = ([text]) => Math.ceil((sizeOf(text ?? null) ?? 1) * TEXT_FACTOR);
const MAX_INT64 = (1n << 63n) - 1n;

function parseInteger(text: string): bigint {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (value === undefined || value > MAX_INT64 || value < -MAX_INT64 - 1n) throw conversionFailure('int');
  return value;
}

function parseUnsigned(text: string): Uint {
  const value = /^\d+$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value >= 1n << 64n) throw conversionFailure('uint');
  return new Uint(value);
}

function parseDouble(text: string): Double {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return new Double(Number(text));
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special === null) throw conversionFailure('double');
  if (special[2]?.toLowerCase() === 'nan') return new Double(Number.NaN);
  return new Double(special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

function integerOf({ value }: Double): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) fail('integer overflow');
  return checkInt(BigInt(Math.trunc(value)));
}

function unsignedOf({ value }: Double): Uint {
  if (!Number.isFinite(value) || value < 0) fail('unsigned integer overflow');
  return checkUint(BigInt(Math.trunc(value)));
}

function parseBoolean(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw conversionFailure('bool');
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationFailure('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const same = (value: Value): Value => value;
const sizeAsInt = (value: Value): bigint => BigInt(sizeOf(value) ?? 0);

export const conversions: Library = {
  since: 0,
  functions: [
    ['bool(bool): bool', same],
    ['bool(string): bool', parseBoolean],
    ['int(int): int', same],
    ['int(uint): int', ({ value }: Uint) => (value > MAX_INT64 ? fail('integer overflow') : value)],
    ['int(double): int', integerOf],
    ['int(string): int', parseInteger],
    ['int(timestamp): int', ({ nanos }: Timestamp) => nanos / 1_000_000_000n],
    ['int(duration): int', ({ nanos }: Duration) => nanos],
    ['uint(uint): uint', same],
    ['uint(int): uint', (value: bigint) => checkUint(value)],
    ['uint(double): uint', unsignedOf],
    ['uint(string): uint', parseUnsigned],
    ['double(double): double', same],
    ['double(int): double', (value: bigint) => new Double(Number(value))],
    ['double(uint): double', ({ value }: Uint) => new Double(Number(value))],
    ['double(string): double', parseDouble],
    ['string(string): string', same],
    ['string(bool): string', (value: boolean) => String(value)],
    ['string(int): string', (value: bigint) => String(value)],
    ['string(uint): string', ({ value }: Uint) => String(value)],
    ['string(double): string', ({ value }: Double) => formatDouble(value)],
    ['string(bytes): string', decodeUtf8, costOfText],
    ['string(timestamp): string', formatTimestamp],
    ['string(duration): string', formatDuration],
    ['bytes(bytes): bytes', same],
    ['bytes(string): bytes', (text: string) => Buffer.from(text), costOfText],
    ['timestamp(timestamp): timestamp', same],
    ['timestamp(string): timestamp', parseTimestamp],
    ['timestamp(int): timestamp', (seconds: bigint) => checkTimestamp(seconds * 1_000_000_000n)],
    ['duration(duration): duration', same],
    ['duration(string): duration', parseGoDuration],
    ['duration(int): duration', (nanos: bigint) => parseGoDuration(`${nanos}ns`)],
    ['dyn(A): dyn', same],
    ['type(A): type', (value: Value) => new TypeValue(typeName(value))],
    ['size(string): int', sizeAsInt],
    ['size(bytes): int', sizeAsInt],
    ['size(list<A>): int', sizeAsInt],
    ['size(map<A, B>): int', sizeAsInt],
    ['string.size(): int', sizeAsInt],
    ['bytes.size(): int', sizeAsInt],
    ['list<A>.size(): int', sizeAsInt],
    ['map<A, B>.size(): int', sizeAsInt],
  ],
};
