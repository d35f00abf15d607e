import { setFlagsFromString } from 'node:v8';

/*
 * V8 clears new objects away when their room is full, and gives them more of it the more of them there are. What does not live long piles up
 * meanwhile. Both flags are those of Node 24, on which the actions run; elsewhere nothing is set.
 */

/** Megabytes that objects may take before V8 looks which of them still live; its own default in Node 24 is 32. */
const WHILE_STREAMING = 1;
const OTHERWISE = 32;
let streaming = 0;

/**
 * Runs `work` while V8 clears new objects away early. What streams through is garbage a moment later, but its bytes are outside of the
 * heap, where V8 does not count them: with the default they pile up to 90 MB and cost a third more time (200 MB between two
 * registries, bench/results/build-and-registry.md).
 */
export async function whileStreaming<Result>(work: () => Promise<Result>): Promise<Result> {
  if (streaming === 0) limit(WHILE_STREAMING);
  streaming += 1;
  try {
    return await work();
  } finally {
    streaming -= 1;
    if (streaming === 0) limit(OTHERWISE);
  }
}

/** How much more room new objects get each time; V8's own default is 2. */
const NO_GROWTH = 1;
const GROWTH = 2;

/**
 * Runs `work` that makes many objects and keeps few, as rendering does, while V8 gives new objects no more room than they have: 5,000
 * rendered objects then take 160 MB instead of 250 MB, and no longer (bench/results/rendering.md).
 */
export async function withoutYoungGrowth<Result>(work: () => Promise<Result>): Promise<Result> {
  set(`--semi-space-growth-factor=${NO_GROWTH}`);
  try {
    return await work();
  } finally {
    set(`--semi-space-growth-factor=${GROWTH}`);
  }
}

/**
 * Runs `work` that follows many objects for a long time, while V8 lets old objects take little more room than those that live: the watch of
 * 5,000 pods then takes half of the memory (bench/results/verify-scale.md).
 */
export async function withoutGrowth<Result>(work: () => Promise<Result>): Promise<Result> {
  set('--optimize-for-size');
  try {
    return await withoutYoungGrowth(work);
  } finally {
    set('--no-optimize-for-size');
  }
}

function limit(megabytes: number): void {
  set(`--scavenger-max-new-space-capacity-mb=${megabytes}`);
}

function set(flag: string): void {
  if (process.versions.node.startsWith('24.')) setFlagsFromString(flag);
}
