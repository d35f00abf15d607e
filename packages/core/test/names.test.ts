import { describe, expect, it } from '@jest/globals';
import { isCommitId } from '../src/index.ts';

describe('the id of a commit', () => {
  it.each(['a'.repeat(40), '0123456789abcdef'.repeat(4)])('is whole: %s', id => {
    expect(isCommitId(id)).toBe(true);
  });

  it.each([
    '',
    'main',
    'a1b2c3d4e5f6',
    'A'.repeat(40),
    'a'.repeat(41),
    `--${'a'.repeat(38)}`,
    `${'a'.repeat(40)}\n`,
    `${'a'.repeat(40)}..${'b'.repeat(40)}`,
  ])('is not %j', text => {
    expect(isCommitId(text)).toBe(false);
  });
});
