import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
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

describe('files that only a build or a person needs', () => {
  const PROGRAM = {
    'package.json': '{"scripts":{"start":"node server.js"},"dependencies":{"express":"5"}}',
    'package-lock.json': '{}',
    'server.js': 'require("express")().listen(4000);',
  };
  const PEM = `${['-----BEGIN', 'PRIVATE KEY-----'].join(' ')}\nexample-only\n`;
  const TOKEN = '//registry.example/:_authToken=example-only\n';

  it.each<[string, Texts, left: string]>([
    ['npm', { '.npmrc': TOKEN }, '.npmrc'],
    [
      'Yarn',
      { 'yarn.lock': '', '.yarnrc': '"//r.example/:_authToken" example\n', '.npmrc': TOKEN },
      '.npmrc',
    ],
    [
      'Yarn 4',
      { 'yarn.lock': '__metadata:\n', '.yarnrc.yml': 'npmAuthToken: example-only\n' },
      '.yarnrc.yml',
    ],
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", '.npmrc': `a=b\n${TOKEN}` }, '.npmrc'],
  ])('are in no layer where they have a token of %s', async (_, more, left) => {
    const { 'package-lock.json': lock, ...program } = PROGRAM;
    const { text, lines, files, remarks } = await proposed({
      ...program,
      ...('yarn.lock' in more || 'pnpm-lock.yaml' in more ? {} : { 'package-lock.json': lock }),
      ...more,
    });
    expect(
      text('Dockerfile')
        .split('\n')
        .find(line => line.startsWith('COPY package.json')),
    ).not.toContain(left);
    expect(text('.dockerignore')).toContain(`\n${left}\n`);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^\\${left}:`))]);
    expect(JSON.stringify([files, remarks])).not.toContain('example-only');
  });

  it('stay where they have no token, and a variable that the build lacks is named', async () => {
    const { text, lines, remarks } = await proposed({
      ...PROGRAM,
      '.npmrc': 'engine-strict=true\n//registry.example/:_authToken=${NPM_TOKEN}\n',
    });
    expect(text('Dockerfile')).toContain('COPY package.json package-lock.json .npmrc ./');
    expect(lines).toEqual([]);
    expect(remarks).toContainEqual(
      expect.objectContaining({
        at: { path: '.npmrc', line: 2, column: 1 },
        message: expect.stringContaining('no variable "NPM_TOKEN"'),
      }),
    );
  });

  it('are named and left out where they are keys, by their own paths', async () => {
    const { text, lines } = await proposed({
      ...PROGRAM,
      'certs/server.key': PEM,
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----\n',
      'service-account.json': JSON.stringify({ private_key: PEM }),
      'tests/example.key': PEM,
      'requirements.txt': 'flask\n--extra-index-url https://u:pw@pip.example/\n',
    });
    expect(lines.toSorted()).toEqual(['certs/server.key:1', 'requirements.txt:2', 'service-account.json:1']);
    expect(text('.dockerignore')).toMatch(/\ncerts\/server\.key\nservice-account\.json\n$/);
  });

  it('are left out of the context of a program in a folder', async () => {
    const inFolder = Object.entries({ ...PROGRAM, '.npmrc': TOKEN });
    const { text } = await proposed(Object.fromEntries(inFolder.map(([path, one]) => [`api/${path}`, one])));
    expect(text('api/.dockerignore')).toContain('\n.npmrc\n');
  });
});

describe('the commands of a compose file', () => {
  const compose = (lines: string) =>
    proposed({
      Dockerfile: 'FROM scratch\nUSER 1000\n',
      'compose.yaml': `services:\n  web:\n    build: .\n${lines.replaceAll(/^/gm, '    ')}\n`,
    });
  const TOKEN = `ghp_${'a'.repeat(36)}`;

  it.each([
    [
      'command: redis-server --requirepass example-only',
      ['redis-server', '--requirepass', '$(WEB_REQUIREPASS)'],
    ],
    [
      'command: [serve, --password, pw, --port, "1"]',
      ['serve', '--password', '$(WEB_PASSWORD)', '--port', '1'],
    ],
    ['command: x --url postgres://u:example-only@db/x', ['x', '--url', 'postgres://u:$(WEB_PASSWORD)@db/x']],
    [`entrypoint: [x, "--tok=${TOKEN}"]`, ['x', '--tok=$(WEB_TOKEN)']],
    [
      'command: x --password=example-only --token=example-other --db-password=example-third',
      ['x', '--password=$(WEB_PASSWORD)', '--token=$(WEB_TOKEN)', '--db-password=$(WEB_DB_PASSWORD)'],
    ],
    [
      'command: x a://u:example-one@x b://u:example-two@x',
      ['x', 'a://u:$(WEB_PASSWORD)@x', 'b://u:$(WEB_PASSWORD_2)@x'],
    ],
    ['command: sh -c "x --password example-only"', ['sh', '-c', 'x --password $(WEB_PASSWORD)']],
    [
      'environment: { WEB_PASSWORD: harmless-file, Z: 1 }\ncommand: x --password example-only',
      ['x', '--password', '$(WEB_PASSWORD_2)'],
    ],
  ])('have a secret of the store instead of one: %s', async (lines, words) => {
    const { text, files, remarks, lines: named } = await compose(lines);
    expect(JSON.stringify([files, remarks])).not.toMatch(/example-|aaaa|"pw"/);
    const [stencil] = parseDocuments(text('stencils/web.yaml'), 'x');
    const container = valueAt(stencil?.value ?? {}, ['spec', 'template', 'spec', 'containers', 0]);
    const { args, command, env } = container as Record<string, unknown>;
    expect(args ?? command).toEqual(words);
    for (const [, name] of words.join(' ').matchAll(/\$\((\w+)\)/g))
      expect(env).toContainEqual({ name, valueFrom: { secretKeyRef: expect.anything() } });
    expect(named).toContain(`compose.yaml:${3 + lines.split('\n').length}`);
  });

  it('are filled by the shell of a healthcheck, which is left out where it has none', async () => {
    const { text, lines } = await compose('healthcheck: { test: "curl -f -u admin:pw http://localhost" }');
    expect(text('stencils/web.yaml')).toContain('curl -f -u admin:$${WEB_PASSWORD} http://localhost');
    expect(lines).toEqual(['compose.yaml:4']);
    const without = await compose('healthcheck: { test: [CMD, curl, -u, "admin:pw", "http://localhost"] }');
    expect(without.text('stencils/web.yaml')).not.toMatch(/curl|admin/);
    expect(without.lines).toEqual(['compose.yaml:4']);
  });

  it.each([
    'command: x --password-file=/run/secrets/x --token ${TOKEN}',
    'command: [x, --password-file, /run/secrets/x, --user, "www:www"]',
    'command: x --password=$$PASSWORD -u 1000:1000 --max-token 4096',
    'healthcheck: { test: [CMD, curl, -f, "http://localhost:4000/token"] }',
    'healthcheck: { test: "pg_isready -U $${POSTGRES_USER} && curl -u $$USER:$$PW http://x" }',
  ])('are as they were without one: %s', async line => {
    const { remarks } = await compose(line);
    expect(remarks.filter(({ kind }) => kind === 'secret')).toEqual([]);
  });
});
