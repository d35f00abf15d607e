import { type Counts, difference } from '../statistics/proportions.ts';
import { figuresFor, interval, wholeNumber } from './figures.ts';
import type { Judged, Seen } from './judged.ts';

export interface CountTerms {
  /** How much greater the share of bad ones may be, as a fraction: 0.01 is one percentage point. */
  readonly worseBy: number;
  /** How many each side needs. */
  readonly minRequests: number;
}

/** Both sides of something. */
export interface Both<Value> {
  readonly stable: Value;
  readonly next: Value;
}

/** Prometheus extrapolates each of two counters by itself, so that a few more may be bad than there are. */
const EXTRAPOLATED = 1.05;

/** Whether more of the requests of `next` are bad than of those of `stable`, by more than a margin and by more than chance. */
export function judgeCounts({ stable, next }: Both<Seen<Counts>>, terms: CountTerms): Judged {
  const missing = [missingIn(stable, 'stable'), missingIn(next, 'next')].filter(text => text !== undefined);
  if (missing.length > 0 || !('found' in stable) || !('found' in next))
    return { verdict: 'inconclusive', message: missing.join('; ') };
  const both = { stable: possible(stable.found), next: possible(next.found) };
  const few = tooFew(both, terms);
  if (few !== undefined)
    return { verdict: 'inconclusive', message: `${few}; so far ${sharesOf(both)}`, margin: terms.worseBy };
  const found = difference(both.next, both.stable);
  return {
    verdict: found.lower > terms.worseBy ? 'failed' : 'passed',
    message: `${sharesOf(both)}, where ${points(terms.worseBy)} more would be too much; ${intervalOf(found)}`,
    difference: found,
    margin: terms.worseBy,
  };
}

function missingIn(seen: Seen<Counts>, side: keyof Both<unknown>): string | undefined {
  if ('missing' in seen) return `${side}: ${seen.missing}`;
  const { bad, all } = seen.found;
  if (!(Number.isFinite(bad) && Number.isFinite(all) && bad >= 0 && all >= 0))
    return `${side}: \`bad\` is ${bad} and \`all\` is ${all}, which are not counts`;
  if (bad > all * EXTRAPOLATED + 1)
    return `${side}: \`bad\` is ${wholeNumber(bad)}, more than the ${wholeNumber(all)} of \`all\``;
  return undefined;
}

function possible({ bad, all }: Counts): Counts {
  return { bad: Math.min(bad, all), all };
}

function tooFew({ stable, next }: Both<Counts>, { minRequests }: CountTerms): string | undefined {
  const few = Object.entries({ next, stable }).filter(([, { all }]) => all < minRequests);
  if (few.length === 0) return undefined;
  const got = few.map(([side, { all }]) => `${side} got ${wholeNumber(all)}`).join(' and ');
  return `${got} of the ${wholeNumber(minRequests)} requests that a comparison needs`;
}

/** `3.10 % (38 of 1,204) instead of 0.20 % (9 of 4,816)`. */
function sharesOf({ stable, next }: Both<Counts>): string {
  const shares = [next, stable].map(({ bad, all }) => (all === 0 ? 0 : (100 * bad) / all));
  const { plain } = figuresFor(shares, ' %');
  const words = [next, stable].map(
    ({ bad, all }, side) => `${plain(shares[side] ?? 0)} (${wholeNumber(bad)} of ${wholeNumber(all)})`,
  );
  return words.join(' instead of ');
}

function points(fraction: number): string {
  const percent = Number((100 * fraction).toPrecision(6));
  return `${percent} percentage point${percent === 1 ? '' : 's'}`;
}

function intervalOf(found: ReturnType<typeof difference>): string {
  const percent = {
    estimate: 100 * found.estimate,
    lower: 100 * found.lower,
    upper: 100 * found.upper,
  };
  return interval(percent, figuresFor([percent.lower, percent.upper]), ' percentage points');
}
