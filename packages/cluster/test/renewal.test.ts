import { describe, expect, it } from '@jest/globals';
import type { ExecCredential } from '../src/credentials/exec-credential.ts';
import { renewedCredential } from '../src/credentials/renewal.ts';

const MINUTE = 60_000;

/** A plugin that prints what `print` makes of the time, asked every second of a quarter of an hour. */
async function play(print: (now: number) => ExecCredential) {
  let now = 1_000_000;
  const runs: number[] = [];
  const kept: number[] = [];
  const start = now;
  const credential = renewedCredential({
    now: () => now,
    kept: () => void kept.push(now - start),
    run: async () => {
      runs.push(now - start);
      return print(now - start);
    },
  });
  const used: (readonly [number, ExecCredential])[] = [];
  for (; now < start + 15 * MINUTE; now += 1_000) used.push([now - start, await credential.get()]);
  const late = used.filter(([at, { expires }]) => expires !== undefined && start + at >= expires);
  return { runs, kept, late: late.length, start };
}

describe('credentials of a plugin', () => {
  it('without an end are asked for once', async () => {
    expect((await play(() => ({ token: 'x' }))).runs).toEqual([0]);
  });

  it('are renewed half a minute before they expire', async () => {
    const { runs, late } = await play(at => ({ token: 'x', expires: 1_000_000 + at + 5 * MINUTE }));
    expect(runs).toEqual([0, 4.5 * MINUTE, 9 * MINUTE, 13.5 * MINUTE]);
    expect(late).toBe(0);
  });

  it('that are short are renewed before they expire too', async () => {
    const { runs, late } = await play(at => ({ token: 'x', expires: 1_000_000 + at + 20_000 }));
    expect(runs.slice(0, 3)).toEqual([0, 15_000, 30_000]);
    expect(late).toBe(0);
  });

  it('of a plugin that repeats them until they have expired are not asked for all the time', async () => {
    const { runs } = await play(at => ({
      token: 'x',
      expires: 1_000_000 + (Math.floor(at / (5 * MINUTE)) + 1) * 5 * MINUTE,
    }));
    expect(runs.length).toBeLessThan(60);
  });

  it('are kept while they are good if the plugin fails to renew them', async () => {
    const { kept, late } = await play(at => {
      if (at > 4 * MINUTE && at < 5 * MINUTE - 5_000) throw new Error('throttled');
      return { token: 'x', expires: 1_000_000 + at + 5 * MINUTE };
    });
    expect(kept.length).toBeGreaterThan(0);
    expect(late).toBe(0);
  });

  it('fail with the plugin once they have expired', async () => {
    const failing = play(at => {
      if (at > 4 * MINUTE) throw new Error('throttled');
      return { token: 'x', expires: 1_000_000 + at + 5 * MINUTE };
    });
    await expect(failing).rejects.toThrow('throttled');
  });
});
