import { EvaluationFailure, fail } from '../values/failure.ts';
import { TEXT_FACTOR } from '../values/meter.ts';
import {
  Double,
  Duration,
  formatDouble,
  sizeOf,
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
  secondsOf,
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

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Go's `strconv.ParseFloat`. @throws EvaluationFailure */
function parseDouble(text: string): Double {
  const special = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (special !== null)
    return new Double(special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (/^nan$/i.test(text)) return new Double(Number.NaN);
  const plain = withoutUnderscores(text);
  const value = DECIMAL.test(plain) ? Number(plain) : hexadecimal(plain);
  if (value === undefined || !Number.isFinite(value)) throw conversionFailure('double');
  return new Double(value);
}

/** Go takes underscores between digits. */
function withoutUnderscores(text: string): string {
  const digits = /^[+-]?0x/i.test(text) ? '[\\da-fA-FxX]' : '\\d';
  return text.replace(new RegExp(`(?<=${digits})_(?=${digits})`, 'g'), '');
}

/** `0x1.8p-3`; undefined if it is not one. More bits than a double has are rounded to even. */
function hexadecimal(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  const [, sign, whole = '', fraction = '', power] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const exponent = Number(power) - fraction.length * 4;
  const digits = BigInt(`0x${whole}${fraction}`);
  const value = Number(digits) * 2 ** exponent;
  return sign === '-' ? -value : value;
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
    ['int(timestamp): int', secondsOf],
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
    ['duration(int): duration', (nanos: bigint) => new Duration(nanos)],
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
