import { describe, expect, it } from '@jest/globals';
import { createLineBuffer } from '../src/build/line-buffer.ts';

describe('the log of a build that runs beside others', () => {
  it('shows what came before its turn, and then each line as it comes', async () => {
    const log = createLineBuffer();
    const shown: string[] = [];
    log.push('before');
    const followed = log.follow(line => shown.push(line));
    expect(shown).toEqual(['before']);
    log.push('during');
    expect(shown).toEqual(['before', 'during']);
    log.close();
    await followed;
  });

  it('is over at once when the build has ended already', async () => {
    const log = createLineBuffer();
    log.push('only');
    log.close();
    const shown: string[] = [];
    await log.follow(line => shown.push(line));
    expect(shown).toEqual(['only']);
  });

  it('gives its last lines that say something', () => {
    const log = createLineBuffer();
    for (const line of ['one', '', 'two', '  ', 'three']) log.push(line);
    expect(log.last(2)).toEqual(['two', 'three']);
  });
});
