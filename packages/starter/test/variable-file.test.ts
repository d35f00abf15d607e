import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
import { parseVariables } from '../src/compose/read/variable-file.ts';
import { contributionsFor, filesOf } from '../src/index.ts';

const PEM = ['-----BEGIN', 'PRIVATE KEY-----\nexample0only=\nexample1only==\n-----END'].join(' ');

describe('a file of variables', () => {
  it.each([
    ['A=1\n# B=2\n\nexport C=3 # three\n', ['A=1@1', 'C=3@4']],
    ['A=a#b\nB=#\nC=\nD: x\n', ['A=a#b@1', 'B=@2', 'C=@3', 'D=x@4']],
    ['A="x\ny" # z\nB=2', ['A=x\ny@1', 'B=2@3']],
    ["A='x\\n$y\nC=1'\nB=2", ['A=x\\n$y\nC=1@1', 'B=2@3']],
    ['A="x\\ny\\"\\$z\\\\"\r\nB=2\r\n', ['A=x\ny"$z\\@1', 'B=2@2']],
    ['just text\nA', []],
  ])('has the names, values and lines of %j', (text, expected) => {
    const { variables, openAt } = parseVariables(text);
    expect(variables.map(({ name, value, line }) => `${name}=${value}@${line}`)).toEqual(expected);
    expect(openAt).toBeUndefined();
  });

  it('is read as far as a value whose quotes have no end', () => {
    const { variables, openAt } = parseVariables(`A=1\nKEY="${PEM}\nB=2\n`);
    expect([variables.map(({ name }) => name), openAt]).toEqual([['A'], 2]);
  });
});

async function webWith(env: string) {
  const found = await contributionsFor({
    files: filesOf({
      Dockerfile: 'FROM scratch\nUSER 1000\n',
      'compose.yaml': 'services: { web: { build: ., env_file: web.env } }\n',
      'web.env': env,
    }),
    name: 'shop',
    answers: {},
  });
  const text = found.files.find(({ path }) => path === 'stencils/web.yaml')?.text ?? '';
  const [stencil] = parseDocuments(text, 'x');
  return {
    ...found,
    env: valueAt(stencil?.value ?? {}, ['spec', 'template', 'spec', 'containers', 0, 'env']),
  };
}

describe('env_file of a compose file', () => {
  it('gives a key of several lines to the store, and no line of it to a stencil', async () => {
    const { env, files, remarks } = await webWith(`SIGNING="${PEM}"\nB=2\n`);
    expect(env).toEqual([
      { name: 'SIGNING', valueFrom: { secretKeyRef: expect.anything() } },
      { name: 'B', value: '2' },
    ]);
    expect(JSON.stringify([files, remarks])).not.toMatch(/example\donly/);
  });

  it('keeps all lines of an ordinary value', async () => {
    const { env } = await webWith('TEXT="one\ntwo"\nMORE="three\\nfour"\n');
    expect(env).toEqual([
      { name: 'TEXT', value: 'one\ntwo' },
      { name: 'MORE', value: 'three\nfour' },
    ]);
  });

  it('names the line of quotes without an end', async () => {
    const { env, remarks, files } = await webWith(`A=1\nSIGNING="${PEM}\n`);
    expect(env).toEqual([{ name: 'A', value: '1' }]);
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'unread', at: { path: 'web.env', line: 2, column: 1 } }),
    );
    expect(JSON.stringify([files, remarks])).not.toMatch(/example\donly/);
  });
});
