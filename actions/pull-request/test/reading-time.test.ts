import { describe, expect, it } from '@jest/globals';
import { readingTime } from '../src/reading-time.ts';

describe('the time for reading', () => {
  it('does not pass while nothing is read', async () => {
    let clock = 0;
    const time = readingTime(60_000, () => clock);
    await time.during(async () => (clock += 1_000));
    clock += 600_000;
    await time.during(async () => {});
    expect(time.signal.aborted).toBe(false);
  });

  it('passes once for what is read at the same time, and ends what is not done by then', async () => {
    let clock = 0;
    const time = readingTime(60_000, () => clock);
    const all = Array.from({ length: 5 }, () => time.during(async () => {}));
    clock += 59_000;
    await Promise.all(all);
    expect(time.signal.aborted).toBe(false);
    await time.during(async () => (clock += 1_000));
    await time.during(
      () => new Promise<void>(resolve => time.signal.addEventListener('abort', () => resolve())),
    );
    expect(time.signal.aborted).toBe(true);
  });
});
