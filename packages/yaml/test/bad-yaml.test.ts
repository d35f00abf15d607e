import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { decodeText, parseDocument, parseDocuments } from '../src/index.ts';

function problemOf(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof SlipwayError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

const bombs = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? 'a0: &a0 x'
    : `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
).join('\n');

const cases: Record<string, [text: string, code: string, message: string]> = {
  'a tab as indentation': [
    'a:\n\tb: 1\n',
    'yaml-syntax',
    'a.yaml:2:1: a tab indents this line; indent with spaces',
  ],
  'a bracket that is not closed': [
    'a: [1,\n',
    'yaml-syntax',
    'a.yaml:2:1: a quoted text, "[" or "{" before this line is not closed',
  ],
  'a quote that is not closed': [
    'a: "x\n',
    'yaml-syntax',
    'a.yaml:2:1: a quoted text, "[" or "{" before this line is not closed',
  ],
  'a quote that the file ends in': [
    'a: "x',
    'yaml-syntax',
    'a.yaml:1:6: a quoted text is not closed; add the closing quote',
  ],
  'a missing colon': ['a: 1\nb\n', 'yaml-syntax', 'a.yaml:2:2: a ":" is missing after a key'],
  'wrong indentation': [
    'a:\n  b: 1\n c: 2\n',
    'yaml-syntax',
    'a.yaml:3:2: this line is not indented like its neighbours',
  ],
  'an unquoted placeholder in braces': [
    'a: {b: ${image.api}}\n',
    'yaml-syntax',
    'a.yaml:1:8: a placeholder between brackets or braces has no quotes; write "${…}" in double quotes',
  ],
  'an unquoted placeholder in brackets': [
    'a: [ x, ${image.api} ]\n',
    'yaml-syntax',
    'a.yaml:1:9: a placeholder between',
  ],
  'a user of GitHub in brackets': [
    'by: [@acme/release]\n',
    'yaml-syntax',
    'a.yaml:1:6: text cannot begin with @; put it in quotes',
  ],
  'a user of GitHub behind another one': [
    'by: [ada, @grace]\n',
    'yaml-syntax',
    'a.yaml:1:11: text cannot begin with @; put it in quotes',
  ],
  'a user of GitHub in a list': [
    'by:\n  - @ada\n',
    'yaml-syntax',
    'a.yaml:2:5: text cannot begin with @; put it in quotes',
  ],
  'a user of GitHub behind a key': [
    'by: @ada\n',
    'yaml-syntax',
    'a.yaml:1:5: text cannot begin with @; put it in quotes',
  ],
  'a control character': ['a: x\u0007\n', 'yaml-syntax', 'this is a control character'],
  'a bracket that is not closed, with others that are': [
    'a: [\n]\nb: [1\nc: 2\n',
    'yaml-syntax',
    'a.yaml:4:1: a quoted text, "[" or "{" before this line is not closed',
  ],
  'a mistake after a brace below its key': ['a: {\n}\nb: c: d\n', 'yaml-syntax', 'a.yaml:3:5: '],
  'a line separator of Unicode': [
    'a: x\u2028y\n',
    'yaml-syntax',
    'a.yaml:1:5: this is a line separator that parsers disagree about',
  ],
  'a colon right before a comma': [
    'a: {b:, c: 1}\n',
    'yaml-key',
    'a.yaml:1:5: parsers disagree about a ":" without a space here; write "key: null"',
  ],
  'a NUL': ['a: x\0\n', 'yaml-encoding', 'a.yaml:1:5: the file contains a NUL character'],
  'half of a surrogate pair': ['a: "\\ud800"\n', 'yaml-value', 'half of a surrogate pair'],
  'an alias without an anchor': [
    'a: *b\n',
    'yaml-alias',
    'a.yaml:1:4: no anchor &b comes before this alias; write the value out',
  ],
  'an alias inside its anchor': [
    'a: &a [*a]\n',
    'yaml-alias',
    'a.yaml:1:8: an alias is inside its own anchor',
  ],
  'a billion laughs': [bombs, 'yaml-alias', 'repeat more than 100000 values'],
  'deep nesting': ['['.repeat(300) + ']'.repeat(300), 'yaml-depth', 'lists and maps are nested too deeply'],
  'aliases that repeat much text': [
    `a: &a ${'x'.repeat(1_000_000)}\nb: [${Array(10).fill('*a').join(', ')}]`,
    'yaml-alias',
    'repeat more than',
  ],
  'a merge of a scalar': ['<<: 5\n', 'yaml-key', '<< merges maps only'],
  'a directive of another YAML': [
    '%YAML 2.0\n---\na: 1\n',
    'yaml-syntax',
    'not YAML: unacceptable YAML version',
  ],
};

describe('what is not YAML is refused in one sentence with its position', () => {
  it.each(Object.entries(cases))('%s', (_name, [text, code, message]) => {
    const problem = problemOf(() => parseDocuments(text, 'a.yaml'));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(message);
    expect(problem.message).toMatch(/^a\.yaml:\d+:\d+: [^\n]*; [^\n]*$/);
  });

  it('reports every problem of the values at once', () => {
    expect(problemOf(() => parseDocuments('a: .inf\nb: .nan\n', 'a.yaml')).message.split('\n')).toHaveLength(
      2,
    );
  });
});

describe('a file with one document', () => {
  it.each([
    ['is empty', '', 'a.yaml:1:1: the file is empty'],
    ['contains two', 'a: 1\n---\nb: 2\n', 'a.yaml:3:1: the file contains a second document'],
  ])('%s', (_name, text, message) => {
    expect(problemOf(() => parseDocument(text, 'a.yaml'))).toEqual({
      code: 'yaml-documents',
      message: expect.stringContaining(message),
    });
  });
});

describe('bytes that are not UTF-8', () => {
  it.each([
    ['UTF-16 with a mark', Buffer.from('\u{FEFF}a: 1', 'utf16le'), 'the file is UTF-16'],
    ['UTF-16 without one', Buffer.from('a: 1', 'utf16le'), 'the file is UTF-16'],
    ['Latin-1', Buffer.from('a: \u00e9', 'latin1'), 'bytes that are not UTF-8'],
  ])('%s', (_name, bytes, message) => {
    expect(problemOf(() => decodeText(bytes, 'a.yaml'))).toEqual({
      code: 'yaml-encoding',
      message: expect.stringContaining(message),
    });
  });

  it('UTF-8 is decoded', () => {
    expect(decodeText(Buffer.from('a: é'), 'a.yaml')).toBe('a: é');
  });
});
