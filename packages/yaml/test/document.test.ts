import { describe, expect, it } from '@jest/globals';
import { parseDocument, parseDocuments } from '../src/index.ts';

const at = (line: number, column: number) => expect.objectContaining({ path: 'a.yaml', line, column });

describe('parseDocuments', () => {
  it('leaves out empty documents and counts the others', () => {
    const documents = parseDocuments('---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n', 'a.yaml');
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [1, { b: 2 }],
    ]);
  });

  it('finds nothing in an empty file', () => {
    expect(parseDocuments('', 'a.yaml')).toEqual([]);
    expect(parseDocuments('# only a comment\n', 'a.yaml')).toEqual([]);
  });

  it('reads JSON, indented with tabs too, with integers kept exactly', () => {
    const json = '{\n\t"a": [1, "x\\u00e9", 9007199254740993],\n\t"b": {"c": null}\n}\n';
    expect(parseDocument(json, 'a.json').value).toEqual({ a: [1, 'xé', 9007199254740993n], b: { c: null } });
  });

  it('reads a file with a byte order mark and Windows line ends', () => {
    const document = parseDocument('\u{FEFF}a: 1\r\nb:\r\n  - x\r\n', 'a.yaml');
    expect(document.value).toEqual({ a: 1, b: ['x'] });
    expect(document.positionOf(['b', 0])).toEqual(at(3, 5));
    expect(document.positionOf(['a'])).toEqual(at(1, 4));
  });

  it('puts merged entries where go-yaml v2 puts them: over those before, under those after', () => {
    const text = 'base: &base {a: base, b: base, c: base}\nv:\n  a: before\n  <<: *base\n  b: after\n';
    expect((parseDocument(text, 'a.yaml').value as { v: unknown }).v).toEqual({
      a: 'base',
      b: 'after',
      c: 'base',
    });
  });

  it('lets the first map of a merged list win', () => {
    expect(parseDocument('<<: [{a: 1}, {a: 2, b: 2}]\n', 'a.yaml').value).toEqual({ a: 1, b: 2 });
  });

  it('takes the last of duplicate keys and reports both positions', () => {
    const document = parseDocument('a: 1\nb: 2\na: 3\n"a": 4\n', 'a.yaml');
    expect(document.value).toEqual({ a: 4, b: 2 });
    expect(document.duplicateKeys).toEqual([
      { key: 'a', first: at(1, 1), at: at(3, 1) },
      { key: 'a', first: at(1, 1), at: at(4, 1) },
    ]);
  });

  it('does not call an override of a merged key a duplicate', () => {
    expect(parseDocument('<<: {a: 1}\na: 2\n', 'a.yaml').duplicateKeys).toEqual([]);
  });

  it('reads JSON without any white space', () => {
    expect(parseDocument('{"a":[1,{"b":null}],"c":{}}', 'a.json').value).toEqual({
      a: [1, { b: null }],
      c: {},
    });
  });

  it('does not touch prototypes', () => {
    const { value } = parseDocument('__proto__: {polluted: true}\n', 'a.yaml');
    expect((value as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });
});

describe('lines between brackets and quotes may be indented as they like', () => {
  it.each([
    ['a brace below its key', 'a: {\n  b: c\n}\nd: 1\n', { a: { b: 'c' }, d: 1 }],
    ['a bracket below its key', 'x:\n  a: [\n    1,\n    2\n  ]\n', { x: { a: [1, 2] } }],
    ['a brace below its item', 'x:\n  - {\n    a: 1\n  }\n', { x: [{ a: 1 }] }],
    ['several documents', 'a: [\n]\n---\nb: {\n}\n---\nc: 1\n', { a: [] }],
    ['text over several lines', 'a: "x\ny"\nb: {k: nul\nl}\n', { a: 'x y', b: { k: 'nul l' } }],
    ['comments between', 'a: [ # one\n  1, # two\n# three\n] # four\n', { a: [1] }],
    ['Windows line ends', 'a: [\r\n  1\r\n]\r\n', { a: [1] }],
    ['a block that looks the same', 's: |\n  {\n  }\na: {\n}\n', { s: '{\n}\n', a: {} }],
  ])('%s', (_name, text, expected) => {
    expect(parseDocuments(text, 'a.yaml')[0]?.value).toEqual(expected);
  });

  it('and keep their positions', () => {
    const document = parseDocument('x:\n  a: {\n  b: 1,\n c: 2\n  }\n  d: 3\n', 'a.yaml');
    expect(document.positionOf(['x', 'a', 'b'])).toEqual(at(3, 6));
    expect(document.positionOf(['x', 'a', 'c'])).toEqual(at(4, 5));
    expect(document.positionOf(['x', 'd'])).toEqual(at(6, 6));
  });
});

describe('positions', () => {
  const text = [
    'kind: Deployment # a comment',
    'spec:',
    '  containers:',
    '    - name: "api"',
    '      args: [--port, &p 80, *p]',
    '  script: |-',
    '    echo',
    '  empty:',
    '',
  ].join('\n');
  const document = parseDocument(text, 'a.yaml');

  it.each([
    [['kind'], 1, 7, 1, 17],
    [['spec', 'containers', 0, 'name'], 4, 13, 4, 18],
    [['spec', 'containers', 0, 'args'], 5, 13, 5, 32],
    [['spec', 'containers', 0, 'args', 1], 5, 25, 5, 27],
    [['spec', 'script'], 6, 11, 7, 9],
    [['spec', 'empty'], 8, 8, 8, 8],
    [['spec', 'containers', 0], 4, 7, 5, 32],
    [['spec', 'containers', 7, 'name'], 4, 5, 5, 32],
  ])('of the value at %j', (path, line, column, endLine, endColumn) => {
    expect(document.positionOf(path)).toEqual({ path: 'a.yaml', line, column, endLine, endColumn });
  });

  it.each([
    [['spec', 'script'], 6, 3],
    [['spec', 'containers', 0, 'name'], 4, 7],
    [['spec', 'containers', 0], 4, 7],
    [['spec', 'missing'], 2, 1],
  ])('of the key at %j', (path, line, column) => {
    expect(document.keyPositionOf(path)).toEqual(at(line, column));
  });
});
