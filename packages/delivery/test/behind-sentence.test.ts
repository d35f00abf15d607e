import { describe, expect, it } from '@jest/globals';
import { behindSentences } from '../src/status/behind-sentence.ts';

const BEHIND = { formation: 'staging', deploymentTag: 'v3', isBehind: true };

describe('what a destination lacks', () => {
  it.each<[string, Parameters<typeof behindSentences>[0], string]>([
    ['images', BEHIND, 'v3 passed at staging'],
    ['commits', { ...BEHIND, count: 2 }, '2 commits behind staging, where v3 passed'],
    [
      'configuration',
      { ...BEHIND, count: 0, config: { commit: 'a'.repeat(40), isBehind: true } },
      'the configuration of commit aaaaaaaaaaaa… passed at staging',
    ],
  ])('is said of %s by what passed, whatever runs there now', (_, behind, sentence) => {
    expect(behindSentences(behind)).toEqual([sentence]);
  });
});
