import { setFlagsFromString } from 'node:v8';

/** Megabytes that objects may take before V8 looks which of them still live; its own default in Node 24 is 32. */
const WHILE_STREAMING = 1;
const OTHERWISE = 32;
let streaming = 0;

/**
 * Runs `work` while V8 clears new objects away early. What streams through is garbage a moment later, and with the default it piles up: a
 * blob's bytes, which lie outside of the heap where V8 does not count them, to 90 MB and a third more time (200 MB between two
 * registries, bench/results/build-and-registry.md); 5,000 objects that are rendered to 90 MB (bench/results/rendering.md). The flag is that of Node 24,
 * on which the actions run; elsewhere nothing is set.
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

function limit(megabytes: number): void {
  if (process.versions.node.startsWith('24.'))
    setFlagsFromString(`--scavenger-max-new-space-capacity-mb=${megabytes}`);
}
