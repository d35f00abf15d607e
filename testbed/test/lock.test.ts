import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeLock } from '../src/build/lock.ts';

describe('a lock file', () => {
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-lock-'));
    path = join(folder, 'part.lock');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is held by one at a time', async () => {
    const order: string[] = [];
    const waitedFor: number[] = [];
    const waits = Promise.withResolvers<void>();
    const work = async (name: string) => {
      const lock = await takeLock(path, pid => {
        waitedFor.push(pid);
        waits.resolve();
      });
      order.push(`${name} in`);
      await waits.promise;
      order.push(`${name} out`);
      await lock.release();
    };
    await Promise.all([work('a'), work('b')]);
    expect(order[1]).toBe(order[0]?.replace('in', 'out'));
    expect(order[3]).toBe(order[2]?.replace('in', 'out'));
    expect(waitedFor).toEqual([process.pid]);
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  it('that a dead process left is taken over', async () => {
    // The id is this process's own, the start time is not: ids are used again.
    await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }));
    const lock = await takeLock(path, () => {
      throw new Error('no holder should be waited for');
    });
    await lock.release();
  });

  it('is not waited for after an abort', async () => {
    const lock = await takeLock(path, () => {});
    const stop = new AbortController();
    const waiting = takeLock(path, () => stop.abort(), stop.signal);
    await expect(waiting).rejects.toThrow('aborted');
    await lock.release();
  });
});
