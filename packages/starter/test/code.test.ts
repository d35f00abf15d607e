import { describe, expect, test } from '@jest/globals';
import { contributionsFor, filesOf, guessesIn } from '../src/index.ts';

const EXPRESS = {
  'package.json': '{"scripts":{"start":"node server.js"},"dependencies":{"express":"^5.0.0"}}',
  'package-lock.json': '{}',
  'server.js': 'app.listen(process.env.PORT || 4100);',
};

function proposed(texts: Readonly<Record<string, string>>) {
  return contributionsFor({ files: filesOf(texts), name: 'shop', answers: {} });
}

function text(files: Awaited<ReturnType<typeof proposed>>['files'], path: string): string {
  return files.find(one => one.path === path)?.text ?? '';
}

/** The line of a guess, and the next one where the guess is a line of its own. */
function lineOf(files: Parameters<typeof text>[0], path: string, line: number): string {
  return text(files, path)
    .split('\n')
    .slice(line - 1, line + 1)
    .join(' ');
}

describe('what init proposes for source code', () => {
  test('is an image that runs as a user by number, in exec form, on the port in the source', async () => {
    const { files } = await proposed(EXPRESS);
    const text = files.find(({ path }) => path === 'Dockerfile')?.text;
    expect(text).toMatch(/USER 1000:1000\nEXPOSE 4100\nCMD \["node", "server.js"\]\n$/);
  });

  test.each([
    ['pnpm@10.4.1+sha512.0a1b', 'npm install --global pnpm@10.4.1\n'],
    ['pnpm@$(id)', undefined],
    ['pnpm@10; id', undefined],
    ['yarn@1.22.22 && id', undefined],
    ['pnpm@10\nRUN id', undefined],
  ])('takes the package manager %j for no more than a word of a command', async (packageManager, line) => {
    const { 'package.json': manifest, 'server.js': program } = EXPRESS;
    const { files } = await proposed({
      'package.json': JSON.stringify({ ...JSON.parse(manifest), packageManager }),
      'server.js': program,
    });
    const dockerfile = text(files, 'Dockerfile');
    expect(dockerfile).toContain(line ?? 'npm install --omit=dev');
    expect(dockerfile).not.toMatch(/\bid\b/);
  });

  test('marks what the repository does not say as a guess', async () => {
    const { files } = await proposed({ ...EXPRESS, 'server.js': 'require("./app");' });
    const guesses = guessesIn(files).map(({ path, why }) => `${path}: ${why}`);
    expect(guesses).toContain('Dockerfile: no port was found in the source');
    expect(guesses).toContain('Dockerfile: nothing chooses a version of Node');
  });

  test('repeats no literal that looks like a secret, and names its line', async () => {
    const { files, remarks } = await proposed({
      ...EXPRESS,
      '.env': 'COLOUR=blue\nAPI_TOKEN=example-only-1a2b\n',
    });
    expect(JSON.stringify([files, remarks])).not.toContain('example-only-1a2b');
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'secret', at: { path: '.env', line: 2, column: 1 } }),
    );
    expect(files.find(({ path }) => path === '.dockerignore')?.text).toContain('\n**/.env\n');
  });

  test('makes a database a secret to fill in, and a cache a ready-made service', async () => {
    const dependencies = '{"express":"^5.0.0","pg":"^8.0.0","ioredis":"^5.0.0"}';
    const { files, services } = await proposed({
      ...EXPRESS,
      'package.json': `{"scripts":{"start":"node server.js"},"dependencies":${dependencies}}`,
    });
    expect(services.map(({ name }) => name)).toEqual(['shop', 'redis']);
    expect(files.find(({ path }) => path === 'config/secrets.yaml')?.text).toContain(
      'name: SHOP_DATABASE_URL',
    );
  });

  test('says that the secret of a framework is one, and guesses only what a person would', async () => {
    const { files } = await proposed({
      Gemfile: "gem 'rails'\ngem 'pg'\n",
      '.ruby-version': '3.4\n',
      'Gemfile.lock': '',
    });
    const guesses = guessesIn(files).map(({ path, line }) => lineOf(files, path, line));
    expect(guesses.join('\n')).toContain('SHOP_DATABASE_URL');
    expect(guesses.join('\n')).not.toContain('SECRET_KEY_BASE');
    expect(text(files, 'config/secrets.yaml')).toContain('    # Rails signs cookies with it\n');
  });

  test("lets Flask write into its instance folder, and says that a pod's copy is lost", async () => {
    const { files } = await proposed({
      'requirements.txt': 'flask\n',
      'app.py': 'app = Flask(__name__, instance_relative_config=True)\n',
    });
    expect(text(files, 'stencils/shop.yaml')).toMatch(
      /mountPath: \/app\/instance } # guess: each pod has its own, which is lost with it/,
    );
    const plain = await proposed({ 'requirements.txt': 'flask\n', 'app.py': 'app = Flask(__name__)\n' });
    expect(text(plain.files, 'stencils/shop.yaml')).not.toContain('instance');
  });

  test.each([
    ['flask', 'app=Flask(__name__)', 'main:app'],
    ['flask', 'app =Flask(__name__)', 'main:app'],
    ['flask', 'app:Flask=flask.Flask(__name__)', 'main:app'],
    ['flask', 'shop: Flask = Flask(__name__)', 'main:shop'],
    ['fastapi', 'app=FastAPI()', 'main:app'],
  ])('finds the application of %s in %j', async (framework, line, application) => {
    const { files } = await proposed({ 'requirements.txt': `${framework}\n`, 'main.py': `${line}\n` });
    expect(text(files, 'Dockerfile')).toContain(`"${application}"`);
  });

  test.each([
    ['bun run i.ts', 'CMD ["bun","run","i.ts"]', 'the image of Node has no bun, so nothing starts until'],
    [
      'A=1 deno run i.ts',
      'CMD ["npm","run","start"]',
      'the script needs a shell; the image of Node has no deno',
    ],
  ])('marks a start that the image of Node cannot run: %s', async (start, command, why) => {
    const { files } = await proposed({ 'package.json': JSON.stringify({ scripts: { start } }) });
    expect(text(files, 'Dockerfile').replaceAll('", "', '","')).toContain(command);
    expect(guessesIn(files)).toContainEqual(
      expect.objectContaining({ path: 'Dockerfile', why: expect.stringContaining(why) }),
    );
  });

  test('names a broken pyproject.toml, and marks that the image installs nothing', async () => {
    const { files, remarks } = await proposed({
      'pyproject.toml': '[project\nname = "shop"\ndependencies = ["requests"]\n',
      'main.py': 'print("shop")\n',
    });
    expect(remarks).toContainEqual(
      expect.objectContaining({
        kind: 'unread',
        at: { path: 'pyproject.toml', line: 1, column: 1 },
        message: expect.stringContaining('"pyproject.toml" is not TOML: "[" is not expected here'),
      }),
    );
    expect(guessesIn(files)).toContainEqual(
      expect.objectContaining({
        path: 'Dockerfile',
        why: expect.stringContaining('none of that is installed'),
      }),
    );
  });

  test.each([
    ['  config.force_ssl = true\n', ', httpHeaders: [{ name: X-Forwarded-Proto, value: https }] }'],
    ['  # config.force_ssl = true\n', ' }'],
  ])('asks Rails as a proxy with TLS does only where it wants TLS: %j', async (setting, end) => {
    const { files } = await proposed({
      Gemfile: "gem 'rails'\n",
      'config/routes.rb': '  get "up" => "rails/health#show"\n',
      'config/environments/production.rb': setting,
    });
    const request = `  httpGet: { path: "/up", port: http${end}\n`;
    const stencil = text(files, 'stencils/shop.yaml').replace(/^ {10}/gm, '');
    expect(stencil).toContain(`startupProbe:\n${request}  periodSeconds: 5\n  failureThreshold: 60\n`);
    expect(stencil).toContain(`readinessProbe:\n${request}`);
    expect(stencil).toContain(`livenessProbe:\n${request}  periodSeconds: 10\n`);
  });

  test('has no file for a library', async () => {
    const { files } = await proposed({
      'package.json': '{"name":"left-pad","main":"index.js"}',
      'index.js': '',
    });
    expect(files).toEqual([]);
  });

  test('finds an API in another language beside the packages of workspaces, and none of theirs twice', async () => {
    const web = { scripts: { start: 'node server.js' }, dependencies: { express: '^5.0.0' } };
    const { services, remarks } = await proposed({
      'package.json': '{"private":true,"workspaces":["apps/*"]}',
      'package-lock.json': '{}',
      'apps/web/package.json': JSON.stringify({ name: 'web', ...web }),
      'apps/web/server.js': 'app.listen(4100);',
      'apps/shared/package.json': '{"name":"shared","main":"index.js"}',
      'apps/shared/index.js': '',
      'api/requirements.txt': 'flask==3.1.0\n',
      'api/app.py': 'from flask import Flask\napp = Flask(__name__)\n',
      'worker/pyproject.toml': '[project]\nname = "worker"\n',
    });
    expect(services.map(({ name }) => name).sort()).toEqual(['api', 'web']);
    expect(remarks.filter(({ kind }) => kind === 'unread').map(({ at }) => at?.path)).toEqual([
      'worker/pyproject.toml',
    ]);
  });

  test('takes the whole path as the name where two folders have one name', async () => {
    const within = (folder: string) =>
      Object.fromEntries(Object.entries(EXPRESS).map(([path, text]) => [`${folder}/${path}`, text]));
    const { services } = await proposed({ ...within('a/api'), ...within('b/api') });
    expect(services.map(({ name }) => name)).toEqual(['api', 'b-api']);
  });
});

describe('a folder whose program is not known', () => {
  const WEB = Object.fromEntries(Object.entries(EXPRESS).map(([path, text]) => [`web/${path}`, text]));

  async function leftOut(texts: Readonly<Record<string, string>>) {
    const { remarks } = await proposed(texts);
    return remarks
      .filter(({ kind }) => kind === 'unread')
      .map(({ at, message }) => `${at?.path}: ${message}`);
  }

  test.each([
    ['api/requirements.txt', 'bottle\n', /init knows one by manage\.py, /],
    ['api/pyproject.toml', '[project\n', /is not TOML/],
    ['api/go.mod', 'modul api\n', /by a file of package main/],
    ['api/Cargo.toml', '[package]\n', /by src\/main\.rs and the name/],
    ['api/api.csproj', '<Proj', /Microsoft\.NET\.Sdk\.Web/],
    ['api/pom.xml', '<project><packaging>bundle</packaging>', /packaging jar/],
    ['api/build.gradle', 'plugins {}', /by a plugin|plugin of Gradle/],
    ['api/Gemfile', "gem 'rake'\n", /gem rails/],
    ['api/composer.json', '{}', /index\.php/],
    ['api/package.json', '{"dependencies":{"left-pad":"1"}}', /script start/],
    ['api/package.json', '{', /is not JSON/],
  ])('is named by %s with %j, once, beside others and alone', async (path, text, why) => {
    for (const others of [WEB, {}]) {
      const remarks = await leftOut({ ...others, [path]: text });
      expect(remarks).toEqual([expect.stringMatching(why)]);
      expect(remarks[0]).toContain(`${path}: `);
    }
  });

  test.each([
    ['lib/package.json', '{"main":"index.js","dependencies":{"left-pad":"1"}}'],
    ['package.json', '{"devDependencies":{"prettier":"3"}}'],
    ['lib/lib.csproj', '<Project Sdk="Microsoft.NET.Sdk"></Project>'],
    ['pom.xml', '<project><packaging>pom</packaging><modules></modules></project>'],
    ['Cargo.toml', '[workspace]\nmembers = ["web"]\n'],
    ['lib/composer.json', '{"type":"library"}'],
  ])('is named only alone if %s says that it is a library: %j', async (path, text) => {
    expect(await leftOut({ ...WEB, [path]: text })).toEqual([]);
    expect(await leftOut({ [path]: text })).toHaveLength(1);
  });

  test('is not named if a Dockerfile builds it', async () => {
    expect(await leftOut({ ...WEB, 'api/Gemfile': '', 'api/Dockerfile': 'FROM ruby\n' })).toEqual([]);
  });
});

describe('a Dockerfile that exists', () => {
  async function stencilFor(dockerfile: string, others: Readonly<Record<string, string>> = EXPRESS) {
    const { files, remarks } = await proposed({ ...others, Dockerfile: dockerfile });
    expect(files.map(({ path }) => path)).not.toContain('Dockerfile');
    return { stencil: text(files, 'stencils/shop.yaml'), remarks };
  }

  test('decides the user by its number and the port', async () => {
    const { stencil, remarks } = await stencilFor('FROM node:24\nUSER 4321:4321\nEXPOSE 5000\n');
    expect(stencil).toMatch(/^ +runAsUser: 4321\n +fsGroup: 4321$/m);
    expect(stencil).toContain('containerPort: 5000 }\n');
    expect(remarks).toEqual([]);
  });

  test('gets no invented number for a user by name, which is named by its line', async () => {
    const { stencil, remarks } = await stencilFor('FROM node:24\nRUN useradd wagtail\n\nUSER wagtail\n');
    expect(stencil).not.toMatch(/runAsUser:|fsGroup:/);
    expect(stencil).toMatch(/^ +runAsNonRoot: true # guess: no pod starts until USER /m);
    expect(remarks).toContainEqual(
      expect.objectContaining({
        at: { path: 'Dockerfile', line: 4, column: 1 },
        message: expect.stringMatching(/^USER "wagtail" is a name/),
      }),
    );
  });

  test('says the number of a user that it creates with one', async () => {
    const created =
      'FROM node:24 AS base\nRUN groupadd app && useradd --uid 1001 -g app app\nUSER app\nEXPOSE 80\n';
    const { stencil, remarks } = await stencilFor(`${created}FROM node:24 AS build\nUSER 7\nFROM base\n`);
    expect(stencil).toMatch(/^ +runAsUser: 1001$/m);
    expect(stencil).toContain('containerPort: 80 }\n');
    expect(remarks).toEqual([]);
  });

  test.each([
    ['FROM node:24\n', 0],
    ['FROM node:24\nUSER root\n', 1],
    ['FROM node:24\nUSER 0\n', 1],
  ])('that ends as root gets a number that is marked as a guess: %j', async (dockerfile, count) => {
    const { stencil, remarks } = await stencilFor(dockerfile);
    expect(stencil).toMatch(/^ +runAsUser: 65532 # guess: the Dockerfile /m);
    expect(remarks).toHaveLength(count);
  });

  test('is enough without code that is known', async () => {
    const { stencil } = await stencilFor('FROM scratch\nUSER 10\nEXPOSE 90\n', { 'main.zig': '' });
    expect(stencil).toMatch(/^ +runAsUser: 10$/m);
  });

  test.each([
    ['ENV P=9090\nEXPOSE $P', '9090 }\n', 0],
    ['ENV A=1 P="9090"\nEXPOSE ${P}/tcp', '9090 }\n', 0],
    ['ENV P 9090\nEXPOSE ${P}', '9090 }\n', 0],
    ['ARG P=9090\nEXPOSE $P', '9090 } # guess: ARG P has this value', 0],
    ['ARG P=9090\nENV P=$Q\nEXPOSE $P', '4100 } # guess: EXPOSE of the Dockerfile has a variable', 1],
    ['ENV P=9090 A="x P=80 "\nEXPOSE $P', '4100 } # guess: EXPOSE of the Dockerfile has a variable', 1],
    ['EXPOSE $P\nENV P=9090', '4100 } # guess: EXPOSE of the Dockerfile has a variable', 1],
    ['EXPOSE ${P:-80}', '4100 } # guess: EXPOSE of the Dockerfile has a variable', 1],
  ])('has the port of a variable, or says that init does not know it: %j', async (lines, port, count) => {
    const { stencil, remarks } = await stencilFor(`FROM node:24\nUSER 1\n${lines}\n`);
    expect(stencil).toContain(`containerPort: ${port}`);
    expect(remarks).toHaveLength(count);
  });

  test('in a folder of its own builds the code of the repository, once', async () => {
    const docker = { 'docker/Dockerfile': 'FROM node:24\nCOPY package.json ./\nUSER 12\n' };
    const { services, files } = await proposed({ ...EXPRESS, ...docker });
    expect(services).toHaveLength(1);
    expect(text(files, 'stencils/docker.yaml')).toMatch(/^ +runAsUser: 12$/m);
  });
});

describe('pages and programs of Node', () => {
  const withPackage = (json: object) =>
    proposed({ 'package.json': JSON.stringify(json), 'package-lock.json': '{}' });
  const kit = { scripts: { build: 'vite build' }, dependencies: {} };

  test.each([
    ['adapter-node', /RUN npm run build\n(?:.*\n)*CMD \["node", "build"\]/],
    ['adapter-static', /COPY --from=build \/app\/build \/usr/],
    [
      'adapter-auto',
      /# guess: adapter-auto .*\nRUN GCP_BUILDPACKS=1 npm run build\n(?:.*\n)*CMD \["node", "build"\]/,
    ],
  ])('of SvelteKit are known by %s', async (adapter, dockerfile) => {
    const developed = { vite: '8', '@sveltejs/kit': '2', [`@sveltejs/${adapter}`]: '7' };
    const { files } = await withPackage({ ...kit, devDependencies: developed });
    expect(text(files, 'Dockerfile')).toMatch(dockerfile);
  });

  test('that no framework is known of are a guess if they have a build', async () => {
    const { files } = await withPackage({ scripts: { build: 'node make.js' } });
    expect(text(files, 'Dockerfile')).toMatch(
      /\n# guess: no framework is known; .*\nCOPY --from=build \/app\/dist /,
    );
  });

  test.each([
    ['a library', { scripts: { build: 'tsc' }, exports: './dist/index.js' }],
    [
      'SvelteKit for another host',
      { ...kit, devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-vercel': '6' } },
    ],
  ])('are not %s', async (_, json) => {
    expect((await withPackage(json)).files).toEqual([]);
  });
});
