import { CostExceeded, EvaluationFailure } from '../values/failure.ts';
import {
  Double,
  Duration,
  formatDouble,
  fromJson,
  isMap,
  keysOf,
  lookup,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../values/values.ts';
import { formatDuration, formatTimestamp } from './time.ts';

const MAX_RESULT_LENGTH = 16 * 1024 * 1024;
const DEFAULT_PRECISION = 6;
const MAX_PRECISION = 100;

function wrong(message: string): never {
  throw new EvaluationFailure(message);
}

/** `string.format(list)`: https://github.com/google/cel-go/blob/v0.26.0/ext/formatting.go */
export function formatText(template: string, given: readonly Value[]): string {
  let used = 0;
  const result = template.replace(/%(?:%|(?:\.(\d+))?([a-zA-Z])|(.?))/g, (clause, precision, verb) => {
    if (clause === '%%') return '%';
    if (verb === undefined)
      return wrong(`could not parse formatting clause: unrecognized formatting clause "${clause.slice(1)}"`);
    if (used >= given.length) return wrong(`index ${used} out of range`);
    const value = fromJson(given[used] as Value);
    used += 1;
    return formatClause(verb, value, precision === undefined ? undefined : Number(precision));
  });
  if (result.length > MAX_RESULT_LENGTH) throw new CostExceeded();
  return result;
}

function formatClause(verb: string, value: Value, precision = DEFAULT_PRECISION): string {
  if (precision > MAX_PRECISION) throw new CostExceeded();
  switch (verb) {
    case 's':
      return formatValue(value);
    case 'd':
      return typeof value === 'bigint' || value instanceof Uint
        ? integerText(value)
        : misfit('decimal', value, 'integers');
    case 'f':
      return value instanceof Double
        ? formatFixed(value.value, precision)
        : misfit('fixed-point', value, 'doubles');
    case 'e':
      return value instanceof Double
        ? formatScientific(value.value, precision)
        : misfit('scientific', value, 'doubles');
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return typeof value === 'bigint' || value instanceof Uint
        ? integerText(value, 2)
        : misfit('binary', value, 'integers and bools');
    case 'o':
      return typeof value === 'bigint' || value instanceof Uint
        ? integerText(value, 8)
        : misfit('octal', value, 'integers');
    case 'x':
      return formatHex(value);
    case 'X':
      return formatHex(value).toUpperCase();
    default:
      return wrong(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function misfit(clause: string, value: Value, allowed: string): never {
  return wrong(
    `error during formatting: ${clause} clause can only be used on ${allowed}, was given ${typeName(value)}`,
  );
}

function integerText(value: bigint | Uint, base = 10): string {
  return (typeof value === 'bigint' ? value : value.value).toString(base);
}

function formatHex(value: Value): string {
  if (typeof value === 'bigint' || value instanceof Uint) return integerText(value, 16);
  if (typeof value === 'string' || value instanceof Uint8Array)
    return Buffer.from(value as string).toString('hex');
  return misfit('hex', value, 'integers, byte buffers, and strings');
}

function formatFixed(value: number, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  // Zero has no sign in a text that is written for a language.
  const [whole = '', ...fraction] = plainFixed(value === 0 ? 0 : value, precision).split('.');
  return [whole.replace(/\B(?=(?:\d{3})+$)/g, ','), ...fraction].join('.');
}

/** With all digits and the sign of zero, as Go writes them; JavaScript writes large numbers with an exponent. */
function plainFixed(value: number, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size < 1e21) return sign + toEven(size.toFixed(precision), size.toFixed(MAX_PRECISION));
  return `${sign}${BigInt(size)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
}

/**
 * A rounded number, where the exact one is half way down to an even digit: JavaScript rounds such numbers up.
 * @param exact the same digits and more, all there are
 */
function toEven(rounded: string, exact: string): string {
  const end = rounded.length + (rounded.includes('.') ? 0 : 1);
  const isHalf = /^50*$/.test(exact.slice(end));
  const cut = exact.slice(0, rounded.length);
  return isHalf && /[02468]$/.test(cut) ? cut : rounded;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** As golang.org/x/text writes it for English. cel-go gives it the precision as the width. */
function formatScientific(value: number, width: number): string {
  if (!Number.isFinite(value)) return formatFixed(value, 0).padStart(width);
  const [digits = '', power = ''] = value.toExponential(DEFAULT_PRECISION).split('e');
  const exponent = power
    .slice(1)
    .padStart(2, '0')
    .replace(/\d/g, digit => SUPERSCRIPTS.charAt(Number(digit)));
  return `${digits}×10${power.startsWith('-') ? '⁻' : ''}${exponent}`.padStart(width);
}

function formatValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint' || value instanceof Uint) return integerText(value);
  if (value instanceof Double) return formatDouble(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
  if (Array.isArray(value)) return `[${value.map(item => formatInside(fromJson(item))).join(', ')}]`;
  if (isMap(value)) return formatMap(value);
  return wrong(
    `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`,
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' },
  ...{ '\\': '\\\\', '"': '\\"' },
};

/** Go's `%q`. */
function quoteForGo(text: string): string {
  const inner = text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, letter => {
    const code = letter.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x80) return ESCAPES[letter] ?? `\\x${hex.padStart(2, '0')}`;
    return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

/** Inside a list or map, texts are in quotes and some types are named. */
function formatInside(value: Value): string {
  if (typeof value === 'string') return quoteForGo(value);
  if (value instanceof Double)
    return Number.isFinite(value.value)
      ? plainFixed(value.value, DEFAULT_PRECISION)
      : `"${formatDouble(value.value)}"`;
  if (value instanceof Timestamp) return `timestamp(${JSON.stringify(formatTimestamp(value))})`;
  if (value instanceof Duration) return `duration(${JSON.stringify(formatDuration(value))})`;
  if (value instanceof Uint8Array) return `b${quoteForGo(formatValue(value))}`;
  return formatValue(value);
}

function formatMap(map: Parameters<typeof keysOf>[0]): string {
  const entries = keysOf(map).map(
    key => [formatInside(key), formatInside(lookup(map, key) ?? null)] as const,
  );
  entries.sort(([a], [b]) => Number(a > b) - Number(a < b));
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}
