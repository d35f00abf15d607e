import type { ScalarValue } from './scalar.ts';

/**
 * The text that a key becomes in JSON, as sigs.k8s.io/yaml converts it; undefined for null, which it refuses.
 * https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/yaml.go
 * @param text as it was written, since `1e6` is a float there and `1000000` is not
 */
export function keyText(value: ScalarValue, text: string): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'number') return String(value);
  const isInteger = Number.isSafeInteger(value) && (/^[-+]?0[xX]/.test(text) || !/[.eE]/.test(text));
  return isInteger ? String(value) : formatFloat(value);
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`: the shortest digits that a 32-bit float needs. */
function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  const single = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== single) digits++;
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(digits)));
  const padded = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${padded}`;
}
