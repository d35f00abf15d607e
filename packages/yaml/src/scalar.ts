import type { JsonValue } from '@slipway/core';
import { isTimestamp } from './timestamp.ts';

/** The types that a scalar can have in JSON. */
export type ScalarValue = null | boolean | number | bigint | string;

/** `.inf` and `.nan` resolve to numbers that JSON cannot write, so the caller has to refuse them as values. */
type Resolved = ScalarValue;

/** A scalar as Kubernetes' parser resolves it. */
export interface ResolvedScalar {
  readonly value: Resolved;
  /** Whether a number is one with a fraction for the parser, though it may be whole: keys show it. */
  readonly isFloat: boolean;
}

const WORDS = new Map<string, Resolved>([
  ...spelled(true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...spelled(false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...spelled(null, ['', '~', 'null', 'Null', 'NULL']),
  ...spelled(Number.NaN, ['.nan', '.NaN', '.NAN']),
  ...spelled(Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...spelled(Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']),
]);

function spelled(value: Resolved, forms: readonly string[]): [string, Resolved][] {
  return forms.map(form => [form, value]);
}

const INTEGER_PATTERN = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** go-yaml reads what follows `0b` as a number with a sign of its own. */
const SIGNED_BINARY_PATTERN = /^0b([-+])([01]+)$/;
const FLOAT_PATTERN = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const MAX_INTEGER = 2n ** 64n - 1n;
const MAX_SIGNED = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/**
 * What Kubernetes' parser makes of a plain scalar. The rules are YAML 1.1's as go-yaml v2 has them, which is what
 * sigs.k8s.io/yaml decodes manifests with; no schema of a JavaScript parser is the same.
 * https://github.com/yaml/go-yaml/blob/v2.4.3/resolve.go
 */
export function resolvePlain(text: string): Resolved {
  return resolve(text).value;
}

/** The same with the parser's type. */
export function resolve(text: string): ResolvedScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word, isFloat: typeof word === 'number' };
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (!isDigit && first !== 0x2b && first !== 0x2d && first !== 0x2e) return { value: text, isFloat: false };
  // Underscores may be anywhere, but in a number that begins with its point only between digits.
  const plain = first === 0x2e ? text.replace(/(?<=\d)_(?=\d)/g, '') : text.replaceAll('_', '');
  const whole = integer(plain);
  if (whole !== undefined) return { value: whole, isFloat: false };
  const fraction = float(plain);
  return { value: fraction ?? text, isFloat: fraction !== undefined };
}

function integer(plain: string): number | bigint | undefined {
  const signed = SIGNED_BINARY_PATTERN.exec(plain);
  const match = INTEGER_PATTERN.exec(signed === null ? plain : `${signed[1]}0b${signed[2]}`);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits =
    hexadecimal !== undefined
      ? `0x${hexadecimal}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : (decimal ?? '0');
  const magnitude = BigInt(digits);
  const value = sign === '-' ? -magnitude : magnitude;
  // With a sign the parser reads 63 bits, without one 64.
  if (value > (sign === '+' ? MAX_SIGNED : MAX_INTEGER) || value < MIN_INTEGER) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function float(plain: string): number | undefined {
  if (!FLOAT_PATTERN.test(plain)) return undefined;
  const value = Number(plain);
  // A number that is too large for a double stays text; minus zero is zero in JSON.
  return Number.isFinite(value) ? value + 0 : undefined;
}

const TAG_PREFIX = 'tag:yaml.org,2002:';

/** A scalar with an explicit tag, or undefined where text and tag contradict each other. */
export function resolveTagged(tag: string, text: string): ResolvedScalar | undefined {
  const name = tag.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : undefined;
  const resolved = resolve(text);
  const { value, isFloat } = resolved;
  switch (name) {
    case 'binary':
      return asText(decodeBase64(text));
    case 'bool':
      return typeof value === 'boolean' ? resolved : undefined;
    case 'int':
      return isNumber(value) && !isFloat ? resolved : undefined;
    case 'float':
      return isFloat || (isNumber(value) && value <= MAX_SIGNED)
        ? { value: Number(value), isFloat: true }
        : undefined;
    case 'null':
      return value === null ? resolved : undefined;
    case 'timestamp':
      return asText(isTimestamp(text) ? text : undefined);
    default:
      return asText(text);
  }
}

function isNumber(value: Resolved): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function asText(value: string | undefined): ResolvedScalar | undefined {
  return value === undefined ? undefined : { value, isFloat: false };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that base64 stands for; undefined if it is not base64, or if bytes would be lost because they are not text. */
function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  const valid = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  if (!valid) return undefined;
  try {
    return utf8.decode(Buffer.from(compact, 'base64'));
  } catch {
    return undefined;
  }
}

/** Whether a text, written plainly, would be read back as that text. */
export function readsAsText(text: string): boolean {
  return typeof resolvePlain(text) === 'string';
}

export function isScalar(value: JsonValue): value is ScalarValue {
  return typeof value !== 'object' || value === null;
}
