import { describe, expect, it } from '@jest/globals';
import { contributionsFor, filesOf } from '../src/index.ts';
import { literalRemarks } from '../src/literals/literal-remarks.ts';

type Texts = Readonly<Record<string, string>>;

async function proposed(texts: Texts) {
  const found = await contributionsFor({ files: filesOf(texts), name: 'shop', answers: {} });
  const secrets = found.remarks.filter(({ kind }) => kind === 'secret');
  const text = (path: string): string => found.files.find(file => file.path === path)?.text ?? '';
  return { ...found, text, lines: secrets.map(({ at }) => `${at?.path}:${at?.line}`) };
}

describe('the lines of a Dockerfile', () => {
  it.each([
    ['ENV DB_PASSWORD=example-only'],
    ['ENV DB_PASSWORD example-only'],
    ['ENV A=b DB_SECRET="example only"'],
    [`ARG NPM_TOKEN=npm_${'a'.repeat(36)}`],
    ['RUN pip install --index-url https://u:example-only@pip.example/ x'],
  ])('are named where they have a secret: %s', async line => {
    const { lines, remarks } = await proposed({ Dockerfile: `FROM scratch\n${line}\nUSER 1000\n` });
    expect(lines).toEqual(['Dockerfile:2']);
    expect(JSON.stringify(remarks)).not.toMatch(/example-only|aaaa/);
  });

  it.each([
    ['ARG NPM_TOKEN'],
    ['ENV API_TOKEN=$API_TOKEN'],
    ['ENV DB_PASSWORD_FILE=/run/secrets/x'],
    ['RUN --mount=type=secret,id=npm-token NPM_TOKEN=$(cat /run/secrets/npm-token) npm ci'],
    ['# ENV DB_PASSWORD=example-only'],
  ])('are not where they have none: %s', async line => {
    expect((await proposed({ Dockerfile: `FROM scratch\n${line}\nUSER 1000\n` })).lines).toEqual([]);
  });
});

describe('literals with a secret in a longer value', () => {
  it('are named in manifests', () => {
    const spec = {
      args: ['--password-file=/run/secrets/x', '--password=example-only'],
      env: [
        { name: 'A', value: 'Bearer ${X}' },
        { name: 'CONN', value: 'Server=db;Password=example-only;' },
      ],
    };
    const data = { level: 'token: ${TOKEN}', 'app.properties': 'a=1\ndb.password=example-only\n' };
    const object = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'web' }, data, spec };
    const remarks = literalRemarks({
      object,
      positionAt: pointer => ({ path: pointer, line: 1, column: 1 }),
    });
    expect(remarks.filter(({ kind }) => kind === 'secret').map(({ at }) => at?.path)).toEqual([
      '/data/app.properties',
      '/spec/args/1',
      '/spec/env/1/value',
    ]);
    expect(JSON.stringify(remarks)).not.toContain('example-only');
  });

  it('become secrets of the store from a compose file', async () => {
    const header = ['Bearer', 'example0only1example2'].join(' ');
    const { lines, files } = await proposed({
      Dockerfile: 'FROM scratch\nUSER 1000\n',
      'compose.yaml': `services:
  web:
    build: .
    environment:
      CONN: Server=db;User Id=sa;Password=example-only;
      CONF: '{"password":"example-only"}'
      HEADER: ${header}
      PASSWORD_FILE: /run/secrets/x
      ASK: "Bearer \${X:-}"
`,
    });
    expect(lines).toEqual(['compose.yaml:5', 'compose.yaml:6', 'compose.yaml:7']);
    expect(JSON.stringify(files)).not.toMatch(/example-only|example0only/);
    expect(JSON.stringify(files)).toContain('/run/secrets/x');
  });
});
