import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { difference, mannWhitney, shift } from '@slipway/judging';
import { libraryPath } from '@slipway/testbed';
import fc from 'fast-check';

export const SEED = 20_261_130;

/** Two samples, and two counts. */
export interface Pair {
  readonly next: readonly number[];
  readonly stable: readonly number[];
  readonly counts: readonly [bad: number, all: number, otherBad: number, otherAll: number];
}

/** From five values on a side to seventy, of a few distinct ones or of many, so that most have ties. */
export function pairs(count: number): readonly Pair[] {
  const value = fc.oneof(
    fc.constant(fc.integer({ min: 0, max: 4 })),
    fc.constant(fc.integer({ min: 0, max: 40 })),
    fc.constant(fc.integer({ min: 0, max: 1_000_000 }).map(whole => whole / 1024)),
  );
  const size = fc.oneof(
    fc.constant(5),
    fc.integer({ min: 5, max: 8 }),
    fc.integer({ min: 5, max: 50 }),
    fc.integer({ min: 51, max: 70 }),
  );
  const bad = fc.tuple(
    fc.integer({ min: 1, max: 20_000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.boolean(),
  );
  const counts = bad.map(
    ([all, part, few]) => [Math.floor((few ? part / 50 : part) * (all + 1 - 1e-9)), all] as const,
  );
  const arbitrary = fc.tuple(value, size, size, counts, counts).chain(([values, n, m, one, other]) =>
    fc.record({
      next: fc.array(values, { minLength: n, maxLength: n }),
      stable: fc.array(values, { minLength: m, maxLength: m }),
      counts: fc.constant([...one, ...other] as const),
    }),
  );
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}

/**
 * What SciPy says. It knows no exact test with ties, so that all orders are dealt where there are few, and rank sums are counted with
 * Python's whole numbers where there are many; and no interval of a shift, which is its own distribution of U turned around.
 */
const SCRIPT = `
import json, sys
import numpy as np
from math import hypot
from scipy import stats
from scipy.stats import binomtest, mannwhitneyu, rankdata

def dealt(x, y):
    n = len(x)
    ranks = [int(r) for r in 2 * rankdata(x + y)]
    ways = [{} for _ in range(n + 1)]
    ways[0] = {0: 1}
    for rank in ranks:
        for size in range(n, 0, -1):
            for total, many in ways[size - 1].items():
                ways[size][total + rank] = ways[size].get(total + rank, 0) + many
    seen = sum(ranks[:n])
    return sum(many for total, many in ways[n].items() if total >= seen) / sum(ways[n].values())

def test(x, y):
    n, m = len(x), len(y)
    if max(n, m) > 50:
        return 'approximate', mannwhitneyu(x, y, alternative='greater', method='asymptotic').pvalue
    if len(set(x + y)) == n + m:
        return 'untied', mannwhitneyu(x, y, alternative='greater', method='exact').pvalue
    if n == m == 5:
        every = stats.PermutationMethod(n_resamples=10_000)
        return 'allOrders', mannwhitneyu(x, y, alternative='greater', method=every).pvalue
    return 'dealt', dealt(x, y) if n + m <= 60 else None

# How probable a U as low or lower is: that of an order that has it, in which q or q + 1 of y are below each of x.
def tail(u, n, m):
    q, more = divmod(u, n)
    x = [q + (i >= n - more) + 0.5 + i / (4 * n) for i in range(n)]
    return mannwhitneyu(x, list(range(1, m + 1)), alternative='less', method='asymptotic' if max(n, m) > 50 else 'exact').pvalue

# How many U there are from 0 on at or below which no more than 1 % is.
known = {}
def excluded(n, m):
    if (n, m) not in known:
        low, high = 0, n * m // 2
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tail(middle, n, m) <= 0.01 else (low, middle)
        known[n, m] = low
    return known[n, m]

def moved(x, y):
    differences = np.sort(np.subtract.outer(x, y).ravel())
    k = excluded(len(x), len(y))
    return [float(np.median(differences)), float(differences[k - 1]), float(differences[-k])] if k else [float(np.median(differences)), None, None]

def newcombe(b1, n1, b2, n2):
    one, other = (binomtest(b, n).proportion_ci(0.98, method='wilson') for b, n in ((b1, n1), (b2, n2)))
    p, q = b1 / n1, b2 / n2
    return [p - q - hypot(p - one.low, other.high - q), p - q + hypot(one.high - p, q - other.low)]

for line in sys.stdin:
    pair = json.loads(line)
    x, y = pair['next'], pair['stable']
    way, p = test(x, y)
    u = float(mannwhitneyu(x, y, method='asymptotic').statistic)
    print(json.dumps({'way': way, 'p': p and float(p), 'u': u, 'shift': moved(x, y), 'newcombe': newcombe(*pair['counts'])}))
`;

interface Answer {
  readonly way: 'approximate' | 'untied' | 'allOrders' | 'dealt';
  readonly p: number | null;
  readonly u: number;
  readonly shift: readonly [number, number | null, number | null];
  readonly newcombe: readonly [number, number];
}

async function askSciPy(samples: readonly Pair[]): Promise<readonly Answer[]> {
  const env = { PATH: process.env['PATH'], PYTHONPATH: await libraryPath('scipy') };
  const running = promisify(execFile)('python3', ['-W', 'ignore', '-c', SCRIPT], { env, maxBuffer: 1e9 });
  running.child.stdin?.end(samples.map(sample => `${JSON.stringify(sample)}\n`).join(''));
  const { stdout } = await running;
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Answer);
}

/** How far the statistics of all samples are from SciPy's at most, and how many were compared in which way. */
export async function distances(samples: readonly Pair[]) {
  const answers = await askSciPy(samples);
  const compared = {
    proportions: 0,
    shifts: 0,
    approximate: 0,
    untied: 0,
    allOrders: 0,
    dealt: 0,
    tooMany: 0,
  };
  const greatest = { proportion: 0, u: 0, p: 0, shift: 0 };
  samples.forEach(({ next, stable, counts: [bad, all, otherBad, otherAll] }, index) => {
    const {
      way,
      p,
      u,
      shift: [estimate, lower, upper],
      newcombe,
    } = answers[index] as Answer;
    const proportions = difference({ bad, all }, { bad: otherBad, all: otherAll });
    greatest.proportion = Math.max(
      greatest.proportion,
      apart(proportions.lower, newcombe[0]),
      apart(proportions.upper, newcombe[1]),
    );
    compared.proportions += 1;
    const tested = mannWhitney(next, stable);
    greatest.u = Math.max(greatest.u, apart(tested.u, u));
    if (p === null) compared.tooMany += 1;
    else {
      greatest.p = Math.max(greatest.p, apart(tested.p, p));
      compared[way] += 1;
    }
    const moved = shift(next, stable);
    greatest.shift = Math.max(
      greatest.shift,
      apart(moved.estimate, estimate),
      apart(moved.lower, lower),
      apart(moved.upper, upper),
    );
    compared.shifts += 1;
  });
  return { compared, greatest };
}

/** SciPy's `null` is an end that does not exist. */
function apart(ours: number, theirs: number | null): number {
  if (theirs === null) return Number.isFinite(ours) ? Number.POSITIVE_INFINITY : 0;
  return Math.abs(ours - theirs);
}
