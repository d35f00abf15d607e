import { formatQuantity } from '@slipway/kubernetes';
import { formatAddress } from '../../src/functions/addresses.ts';
import { formatTimestamp } from '../../src/functions/time.ts';
import {
  AddressValue,
  Double,
  Duration,
  FormatValue,
  fromJson,
  isMap,
  keysOf,
  lookup,
  NetworkValue,
  Optional,
  QuantityValue,
  SemverValue,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../../src/values/values.ts';

/** A value with its type as text, as the testbed's `cel` writes it: doubles by their bits, times in nanoseconds. */
export function showValue(given: Value): string {
  const value = fromJson(given);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return `${typeName(value)} ${value}`;
  if (value === null) return 'null';
  if (value instanceof Optional)
    return value.value === undefined ? 'none' : `optional ${showValue(value.value)}`;
  if (Array.isArray(value)) return `[${value.map(showValue).join(', ')}]`;
  if (isMap(value)) return showMap(value);
  return showPlain(value);
}

/** All but plain ASCII by code points. */
function quote(text: string): string {
  return `"${text.replace(/[^ !#-[\]-~]/gu, letter => `\\u{${letter.codePointAt(0)?.toString(16)}}`)}"`;
}

function showMap(map: Parameters<typeof keysOf>[0]): string {
  const entries = keysOf(map).map(key => `${showValue(key)}: ${showValue(lookup(map, key) ?? null)}`);
  return `{${entries.sort().join(', ')}}`;
}

function showPlain(value: Value): string {
  if (value instanceof Double) return `double ${bitsOf(value.value)}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Timestamp) return `timestamp ${formatTimestamp(value)}`;
  if (value instanceof Duration) return `duration ${value.nanos}`;
  return [typeName(value), textOf(value)].filter(part => part !== '').join(' ');
}

function bitsOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

function textOf(value: Value): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof TypeValue || value instanceof FormatValue) return value.name;
  if (value instanceof QuantityValue) return formatQuantity(value.quantity);
  if (value instanceof AddressValue) return formatAddress(value);
  if (value instanceof NetworkValue) return `${formatAddress(value.address)}/${value.prefix}`;
  if (value instanceof SemverValue) return versionText(value);
  return '';
}

function versionText({ major, minor, patch, prerelease, build }: SemverValue): string {
  const suffix = (sign: string, parts: readonly string[]) =>
    parts.length === 0 ? '' : sign + parts.join('.');
  return `${major}.${minor}.${patch}${suffix('-', prerelease)}${suffix('+', build)}`;
}
