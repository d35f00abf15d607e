import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY = 100;
/** So long that only what never comes is given up, not what a busy machine is slow to bring. */
const LIMIT = 300_000;

/** Waits for a state that a test needs, such as one that a controller or a watch brings about in its own time. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`what the test waits for has not come: ${holds}`);
    await sleep(LOOK_EVERY);
  }
}
