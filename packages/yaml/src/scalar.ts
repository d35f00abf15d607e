import type { JsonValue } from '@slipway/core';

/** The types that a scalar can have in JSON. */
export type ScalarValue = null | boolean | number | bigint | string;

/** `.inf` and `.nan` resolve to numbers that JSON cannot write, so the caller has to refuse them. */
type Resolved = ScalarValue;

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
const MIN_INTEGER = -(2n ** 63n);

/**
 * What Kubernetes' parser makes of a plain scalar. The rules are YAML 1.1's as go-yaml v2 has them, which is what
 * sigs.k8s.io/yaml decodes manifests with; no schema of a JavaScript parser is the same.
 * https://github.com/yaml/go-yaml/blob/v2.4.3/resolve.go
 */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (!isDigit && first !== 0x2b && first !== 0x2d && first !== 0x2e) return text;
  // Only a number that begins with a digit or a sign may hold underscores.
  const plain = first === 0x2e ? text : text.replaceAll('_', '');
  return integer(plain) ?? float(plain) ?? text;
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
  if (value > MAX_INTEGER || value < MIN_INTEGER) return undefined;
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

/** The value of a scalar with an explicit tag, or undefined where text and tag contradict each other. */
export function resolveTagged(tag: string, text: string): Resolved | undefined {
  if (!tag.startsWith(TAG_PREFIX)) return text;
  const resolved = resolvePlain(text);
  switch (tag.slice(TAG_PREFIX.length)) {
    case 'binary':
      return decodeBase64(text);
    case 'bool':
      return typeof resolved === 'boolean' ? resolved : undefined;
    case 'int':
      return typeof resolved === 'bigint' || Number.isInteger(resolved) ? resolved : undefined;
    case 'float':
      return typeof resolved === 'bigint'
        ? Number(resolved)
        : typeof resolved === 'number'
          ? resolved
          : undefined;
    case 'null':
      return resolved === null ? null : undefined;
    default:
      return text;
  }
}

function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  const valid = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return valid ? Buffer.from(compact, 'base64').toString('utf8') : undefined;
}

/** Whether a text, written plainly, would be read back as that text. */
export function readsAsText(text: string): boolean {
  return typeof resolvePlain(text) === 'string';
}

export function isScalar(value: JsonValue): value is ScalarValue {
  return typeof value !== 'object' || value === null;
}
