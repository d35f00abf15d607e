import type { JsonValue, Path } from './json.ts';

/** Fields that hold a quantity themselves, or a map of them. */
const QUANTITIES =
  /^(?:limits|requests|capacity|allocatable|hard|default|defaultRequest|max|min|maxLimitRequestRatio|sizeLimit|averageValue|divisor)$/;

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Whether two values are one quantity, which the server writes in its own way: `1000m` is `1`. */
export function sameQuantity(one: JsonValue, other: JsonValue | undefined, path: Path): boolean {
  if (!path.slice(-2).some(key => QUANTITIES.test(String(key)))) return false;
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12;
}

function parseQuantity(value: JsonValue | undefined): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]?|[KMGTPE]i)$/.exec(String(value));
  const factor = FACTORS[match?.[2] ?? '?'];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}
