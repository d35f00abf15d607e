import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shellWords } from '../src/compose/read/words.ts';

/** Each text cut by a shell into words that end with NUL, after a line that says whether it could. */
const SCRIPT = `for text; do
  ( eval "set -- $text" && printf 'ok\\0' && for word; do printf '%s\\0' "$word"; done ) 2> /dev/null || printf 'no\\0'
  printf '\\001\\0'
done`;

/** What a shell does beside cutting words is not asked for: variables, patterns, comments, commands. */
const TEXT = fc.stringMatching(/^[ab .,:/=_%@+-]{0,6}(?:['"\\\\ ab=-]{0,8})$/);

it('are what a shell makes of a command', () => {
  // A backslash at the end escapes nothing: a shell takes it as it is, and it is more likely a mistake.
  const texts = fc.sample(TEXT, { numRuns: 2000, seed: 7 }).filter(text => !/(?<!\\)(?:\\\\)*\\$/.test(text));
  const printed = execFileSync('sh', ['-c', SCRIPT, 'sh', ...texts], { encoding: 'utf8' });
  const byShell = printed.split('\u0001\0').slice(0, -1);
  const found = byShell.map(text => {
    const [verdict, ...words] = text.split('\0').slice(0, -1);
    return verdict === 'ok' ? words : undefined;
  });
  expect(texts.map(text => [text, shellWords(text)])).toEqual(texts.map((text, at) => [text, found[at]]));
  expect(found.filter(words => words === undefined).length).toBeGreaterThan(100);
});
