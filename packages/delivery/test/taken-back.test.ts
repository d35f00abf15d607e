import { describe, expect, it } from '@jest/globals';
import { takenBackText } from '../src/guard/taken-back.ts';

describe('what a deployment takes back', () => {
  it('counts nothing where the next commit has all of the live one', async () => {
    const takenBack = async () => ({ commits: [], count: 0, lines: [] });
    expect(await takenBackText('a', 'b', { takenBack })).toBe('this takes back no commit');
  });

  it('is not known where the history is not', async () => {
    const takenBack = async () => undefined;
    expect(await takenBackText('a', 'b', { takenBack })).toContain('cannot be told');
  });
});
