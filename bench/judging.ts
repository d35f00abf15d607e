import { difference, judgeValues, mannWhitney, shift } from '@slipway/judging';
import { distances, pairs } from '../packages/judging/test/support/scipy.ts';

// How often judging calls the same version worse, and finds one that is; with `scipy 10000` how far its statistics are from SciPy's.
//   node_modules/.bin/node --conditions=slipway-source bench/judging.ts [steps | scipy [pairs]]

const SEED = 20_261_130;
const STEPS = 2000;
/** A step of ten minutes in pieces of 15 s, of which a rate over a minute averages four. */
const PIECES = 40;
const PER_RATE = 4;
/** How far the 90th percentile of 15 s is from that of all, as a part of it. */
const NOISE = 0.2;

/** Mulberry32, a small generator of pseudo-random numbers, so that each run has the same steps. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(SEED);

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The values of a rate over a minute, every 15 s, around a level. */
function rates(level: number): readonly number[] {
  const pieces = Array.from({ length: PIECES }, () => level * Math.exp(NOISE * normal()));
  return Array.from({ length: PIECES - PER_RATE + 1 }, (_, start) => {
    const minute = pieces.slice(start, start + PER_RATE);
    return minute.reduce((sum, value) => sum + value, 0) / PER_RATE;
  });
}

function bad(part: number, all: number): number {
  let count = 0;
  for (let request = 0; request < all; request++) if (random() < part) count += 1;
  return count;
}

function share(happens: () => boolean): string {
  let count = 0;
  for (let step = 0; step < steps; step++) if (happens()) count += 1;
  return `${((100 * count) / steps).toFixed(1)} %`;
}

/** How often each way calls `next` worse whose level is `level` times as high. */
function values(level: number, every: number): readonly string[] {
  const sides = (): readonly (readonly number[])[] =>
    [level, 1].map(one => rates(one).filter((_, index) => index % every === 0));
  const worse = (judge: (next: readonly number[], stable: readonly number[]) => boolean): string =>
    share(() => {
      const [next = [], stable = []] = sides();
      return judge(next, stable);
    });
  return [
    worse((next, stable) => mannWhitney(next, stable).p <= 0.01),
    worse((next, stable) => shift(next, stable).lower > 0),
    worse((next, stable) => {
      const found = next.map((value, index) => ({ next: value, stable: stable[index] ?? Number.NaN }));
      return judgeValues(found, { higherBy: 0.2, samples: 5 }, []).verdict === 'failed';
    }),
  ];
}

/** How often counts are called worse by more than a percentage point, or at all. */
function counts(part: number, all: number, other: number, otherAll: number): readonly string[] {
  const lower = () =>
    difference({ bad: bad(part, all), all }, { bad: bad(other, otherAll), all: otherAll }).lower;
  return [share(() => lower() > 0), share(() => lower() > 0.01)];
}

/** The same users on both versions; one of twenty has a kept connection, and makes 5 % errors. */
function pooled(pods: number, ofNext: number): string {
  const requests = 500;
  return share(() => {
    const sides = { next: { bad: 0, all: 0 }, stable: { bad: 0, all: 0 } };
    for (let client = 0; client < 20; client++) {
      const side = random() * pods < ofNext ? sides.next : sides.stable;
      side.all += requests;
      side.bad += bad(client === 0 ? 0.05 : 0, requests);
    }
    if (sides.next.all < 200 || sides.stable.all < 200) return false;
    return difference(sides.next, sides.stable).lower > 0.01;
  });
}

const [first = String(STEPS), second = '10000'] = process.argv.slice(2);
const steps = Number(first);
if (first === 'scipy') console.log(JSON.stringify(await distances(pairs(Number(second))), undefined, 2));
else {
  console.log(
    `${steps} steps of each kind, seed ${SEED}; a value of 15 s differs by ${100 * NOISE} % from the level\n`,
  );
  console.log('| next is slower by | values | plain test, 1 % | interval above 0 | margin of 20 % |');
  console.log('|---|---|---:|---:|---:|');
  for (const level of [1, 1.1, 1.2, 1.5, 2])
    for (const [every, what] of [
      [1, '37, each of a minute, every 15 s'],
      [PER_RATE, '10, one a minute'],
    ] as const)
      console.log(`| ${Math.round(100 * (level - 1))} % | ${what} | ${values(level, every).join(' | ')} |`);
  console.log(
    '\n| bad of next | bad of stable | interval above 0 | margin of 1 point |\n|---|---|---:|---:|',
  );
  for (const [part, all, other, otherAll] of [
    [0.002, 500, 0.002, 4500],
    [0.002, 4500, 0.002, 4500],
    [0.05, 500, 0.002, 4500],
    [0.1, 100, 0.002, 400],
  ] as const)
    console.log(
      `| ${100 * part} % of ${all} | ${100 * other} % of ${otherAll} | ${counts(part, all, other, otherAll).join(' | ')} |`,
    );
  console.log(
    '\n| 20 kept connections, one with 5 % errors | called worse by more than 1 point |\n|---|---:|',
  );
  for (const [pods, ofNext] of [
    [5, 1],
    [6, 2],
    [8, 4],
  ] as const)
    console.log(`| ${ofNext} of ${pods} pods are the copy's | ${pooled(pods, ofNext)} |`);
}
