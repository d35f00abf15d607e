import { describe, expect, it } from '@jest/globals';
import { fieldLines } from '../src/plans/plan-lines.ts';

const forty = Array.from({ length: 40 }, (_, index) => `setting-${index}: value`);
const object = { apiVersion: 'v1', kind: 'ConfigMap', name: 'shop', namespace: 'shop' };

function linesOf(before: unknown, after: unknown): string[] {
  const fields = [{ pointer: '/data/conf', before, after }];
  return fieldLines({ object, action: 'change', fields } as Parameters<typeof fieldLines>[0]);
}

describe('a changed text is shown by', () => {
  it.each<[string, unknown, unknown, string[]]>([
    ['both values, if they are short', 'a', 'b', ['    /data/conf: a -> b']],
    ['both values, if they are lists', [1], [2], ['    /data/conf: [1] -> [2]']],
    [
      'the lines that differ',
      forty.join('\n'),
      [...forty.slice(0, 39), 'setting-39: other'].join('\n'),
      ['    /data/conf:', '      - setting-39: value', '      + setting-39: other'],
    ],
    [
      'the lines that differ in several parts',
      `${forty.join('\n')}\n`,
      `first\n${forty.toSpliced(20, 1).join('\n')}\n`,
      ['    /data/conf:', '      + first', '      - setting-20: value'],
    ],
    [
      'the part of a long line that differs',
      `${'x'.repeat(200)}old`,
      `${'x'.repeat(200)}new`,
      ['    /data/conf:', `      - …${'x'.repeat(20)}old`, `      + …${'x'.repeat(20)}new`],
    ],
    [
      'its first lines, if many differ',
      `${forty.join('\n')}\n`,
      'short\n',
      ['    /data/conf:', ...forty.slice(0, 20).map(line => `      - ${line}`), '      and 21 more lines'],
    ],
    [
      'its lines without control characters',
      'a\nb\u001b[2Jc',
      'a\nd',
      ['    /data/conf:', '      - b\u{FFFD}[2Jc', '      + d'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(linesOf(before, after)).toEqual(expected);
  });

  it('one sentence, if nearly all of a long text differs', () => {
    const text = (word: string): string => Array.from({ length: 3000 }, (_, n) => `${word} ${n}`).join('\n');
    expect(linesOf(text('a'), text('b'))).toEqual(['    /data/conf:', '      most of the text differs']);
  });
});
