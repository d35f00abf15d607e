import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createProgress, formatElapsed } from '../src/build/progress.ts';

describe('progress', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('comes as a line every 15 s where there is no terminal', () => {
    const lines: string[] = [];
    const progress = createProgress({ line: text => lines.push(text) });
    let seconds = 0;
    const work = progress.begin(() => `kwok … ${seconds} s`);
    seconds = 15;
    jest.advanceTimersByTime(15_000);
    work.end('kwok built');
    jest.advanceTimersByTime(60_000);
    expect(lines).toEqual(['kwok … 0 s', 'kwok … 15 s', 'kwok built']);
  });

  it('shares the last line of a terminal between all that is going on', () => {
    const screen: string[] = [];
    const progress = createProgress({
      line: text => screen.push(`line ${text}`),
      rewrite: text => screen.push(`live ${text}`),
    });
    const first = progress.begin(() => 'one');
    progress.begin(() => 'two');
    screen.length = 0;
    jest.advanceTimersByTime(1_000);
    first.end('one built');
    expect(screen).toEqual(['live one   two', 'live ', 'line one built', 'live two']);
  });

  it.each([
    [7_340, '7.3 s'],
    [42_000, '42 s'],
    [59_600, '1 min 0 s'],
    [102_000, '1 min 42 s'],
  ])('says %d ms as %s', (milliseconds, text) => {
    expect(formatElapsed(milliseconds)).toBe(text);
  });
});
