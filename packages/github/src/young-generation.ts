import { setFlagsFromString } from 'node:v8';

/*
 * V8 collects new objects when their space is full, and enlarges the space the more of them survive. Meanwhile short-lived objects pile
 * up. The flags are those of Node 24, on which the actions run; on other versions nothing is set.
 */

type Run = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Megabytes of new objects before V8 collects them; the default of Node 24 is 32. */
const WHILE_STREAMING = 1;
const OTHERWISE = 32;

/**
 * Runs `work` while V8 collects new objects early. Bytes that stream through are garbage a moment later, but they are outside of the
 * heap, where V8 does not count them: by default they pile up to 90 MB and take a third more time (200 MB between two registries,
 * bench/results/build-and-registry.md).
 */
export const whileStreaming = withFlag(
  `--scavenger-max-new-space-capacity-mb=${WHILE_STREAMING}`,
  `--scavenger-max-new-space-capacity-mb=${OTHERWISE}`,
);

/** The factor by which the space for new objects grows; V8's default is 2. */
const NO_GROWTH = 1;
const GROWTH = 2;

/**
 * Runs `work` that creates many objects and keeps few, such as rendering, while V8 does not enlarge the space for new objects: 5,000
 * rendered objects then need 130 MB, in the same time (bench/results/rendering.md).
 */
export const withoutYoungGrowth = withFlag(
  `--semi-space-growth-factor=${NO_GROWTH}`,
  `--semi-space-growth-factor=${GROWTH}`,
);

const withoutOldGrowth = withFlag('--optimize-for-size', '--no-optimize-for-size');

/**
 * Runs `work` that follows many objects for a long time, while V8 keeps the space for old objects small: a watch of 5,000 pods then needs
 * half of the memory (bench/results/verify-scale.md).
 */
export async function withoutGrowth<Result>(work: () => Promise<Result>): Promise<Result> {
  return await withoutOldGrowth(() => withoutYoungGrowth(work));
}

/** Runs work with a flag, which is taken back once no work that needs it runs: several may at once. */
function withFlag(flag: string, otherwise: string): Run {
  let running = 0;
  return async work => {
    if (running === 0) set(flag);
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (running === 0) set(otherwise);
    }
  };
}

function set(flag: string): void {
  if (process.versions.node.startsWith('24.')) setFlagsFromString(flag);
}
