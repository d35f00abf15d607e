import type { YamlScalar } from './node.ts';
import { resolve } from './scalar.ts';

const MAX_INTEGER = 2n ** 63n - 1n;

/**
 * The text that a key becomes in JSON, as sigs.k8s.io/yaml converts it; undefined for null and integers beyond 64 bits with a sign,
 * which it refuses. https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/yaml.go#L216
 */
export function keyText({ value, isFloat, text }: YamlScalar): string | undefined {
  if (value === null || (typeof value === 'bigint' && value > MAX_INTEGER)) return undefined;
  return typeof value === 'number' && isFloat ? formatFloat(value, text) : String(value);
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`: the shortest digits that a 32-bit float needs. */
function formatFloat(value: number, text: string): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  // A value has no sign of zero, as JSON has none, and neither has an integer that a tag made a float.
  if (single === 0) return text.startsWith('-') && resolve(text).isFloat ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = shortest(single).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(Number(`${mantissa}e${exponent}`));
  const padded = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${padded}`;
}

/** The fewest digits that are read as the same 32-bit float, with an exponent. */
function shortest(single: number): string {
  let digits = 0;
  let text = '';
  do text = rounded(single, ++digits);
  while (digits < 9 && Math.fround(Number(text)) !== single);
  return text;
}

/** Go rounds a number in the middle of two to the even one, and JavaScript to the larger. */
function rounded(value: number, digits: number): string {
  const [mantissa = '', exponent] = value.toExponential(100).split('e');
  const length = mantissa.indexOf('.') + digits;
  const [kept, rest] = [mantissa.slice(0, length), mantissa.slice(length)];
  const isMiddle = /^\.?50*$/.test(rest) && Number(kept.at(-1)) % 2 === 0;
  return isMiddle ? `${kept}e${exponent}` : value.toExponential(digits - 1);
}
