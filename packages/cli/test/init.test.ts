import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Proposal, proposalSchema, SlipwayError } from '@slipway/core';
import { Ajv } from 'ajv';
import type { Machine } from '../src/machine/machine.ts';
import { runProgram } from '../src/run-program.ts';
import { runIn } from './support/copy.ts';
import { machineIn } from './support/machine.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.acme.example/shop/web:1.2
          env:
            - { name: API_TOKEN, value: hunter2-hunter2 }
        - { name: cache, image: "redis:8" }
`;
const SCRIPT = `apiVersion: v1
kind: ConfigMap
metadata: { name: script, namespace: shop }
data:
  run.sh: |
    #!/bin/sh
    echo "\${USER} $\${HOME}"
`;
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: "redis:8" }] }\n';
const FILES: Readonly<Record<string, string>> = {
  'k8s/web.yaml': WEB,
  'k8s/script.yaml': SCRIPT,
  'services/web/Dockerfile': 'FROM scratch\nCOPY index.html /\n',
  'services/web/index.html': 'Hello',
};

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-init-'));
  folder = join(home, 'shop');
  mkdirSync(folder);
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Git that answers by the ends of its command lines, and else knows nothing. */
function gitAnswering(answers: Readonly<Record<string, string>>): Machine['exec'] {
  return (_command, args, { onOutput } = {}) => {
    const reply = Object.entries(answers).find(([pattern]) => new RegExp(pattern).test(args.join(' ')))?.[1];
    onOutput?.(Buffer.from(reply ?? ''));
    return Promise.resolve({ exitCode: reply === undefined ? 1 : 0, stdout: reply ?? '', stderr: '' });
  };
}

/** All files with their content, so that any change is seen. */
function all(): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

/** Runs init at a terminal, at which a person types lines. */
async function atTerminal(...lines: string[]) {
  const [printed, complaints, asked]: [string[], string[], string[]] = [[], [], []];
  const machine: Machine = {
    ...machineIn(folder, { printed, complaints }),
    ask: question => {
      asked.push(question);
      return Promise.resolve(lines.shift() ?? '');
    },
  };
  const exitCode = await runProgram(['init'], machine);
  return { exitCode, asked, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

describe('slipway init in a repository with k8s/ and Dockerfiles', () => {
  it('writes what renders, passes the check and has current workflows, and changes no manifest', async () => {
    write(FILES);
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect(exitCode).toBe(0);
    expect(printed).toContain('wrote formations/staging.yaml');
    for (const [path, text] of Object.entries(FILES)) expect(read(path)).toBe(text);
    expect((await runIn(folder, 'render')).printed).toMatch(/^staging\/main: 2 objects/);
    expect((await runIn(folder, 'check')).printed).toBe(
      'staging/main: passed, 0 errors and 0 warnings in 2 objects',
    );
    expect((await runIn(folder, 'workflows', '--check')).exitCode).toBe(0);
  });

  it('takes registry, namespace and ready-made images from the manifests', async () => {
    write(FILES);
    await runIn(folder, 'init', '--yes');
    expect(read('slipway.yaml')).toContain('registry: registry.acme.example/shop\n');
    expect(read('slipway.yaml')).toContain('redis:\n      image: docker.io/library/redis:8\n');
    expect(read('formations/staging.yaml')).toContain('namespace: shop\n');
    expect(read('formations/staging.yaml')).toContain('image: ${image.web}\n');
  });

  it('patches each of two objects of one name, in the namespaces that the manifests name', async () => {
    const named = (namespace: string) =>
      WEB.replace('metadata: { name: web }', `metadata: { name: web, namespace: ${namespace} }`);
    write({ ...FILES, 'k8s/web.yaml': named('shop'), 'k8s/other.yaml': named('other') });
    const { exitCode, complaints } = await runIn(folder, 'init', '--yes');
    expect([exitCode, complaints]).toEqual([0, expect.not.stringContaining('error')]);
    expect((await runIn(folder, 'render')).printed).toMatch(/^staging\/main: 3 objects/);
  });

  it('names what looks like a secret by its line, and repeats it nowhere', async () => {
    write(FILES);
    const before = all();
    const { printed, complaints } = await runIn(folder, 'init', '--yes', '--json');
    expect(printed).toContain('\\"API_TOKEN\\" of Deployment \\"web\\" looks like a secret');
    const written = Object.entries(all()).filter(([path]) => before[path] === undefined);
    expect(written.length).toBeGreaterThan(3);
    expect([printed, complaints, ...written.map(([, text]) => text)].join('\n')).not.toContain('hunter2');
  });

  it('answers --json by its schema', async () => {
    write(FILES);
    const { printed } = await runIn(folder, 'init', '--dry-run', '--json');
    const proposal = JSON.parse(printed) as Proposal;
    const ajv = new Ajv();
    expect(ajv.validate(proposalSchema, proposal) || ajv.errorsText()).toBe(true);
    expect(proposal).toMatchObject({ application: 'shop', written: false, edits: [] });
  });

  it('says in the file and in the list which lines are guesses', async () => {
    write({ ...FILES, 'k8s/script.yaml': SCRIPT.replace(', namespace: shop', '') });
    const { printed } = await runIn(folder, 'init', '--yes');
    const line = read('formations/staging.yaml')
      .split('\n')
      .findIndex(text => text.includes('# guess: '));
    expect(printed).toContain(`formations/staging.yaml:${line + 1}: guess: no manifest names a namespace`);
  });

  it('names workflows that deploy or comment already, at their line, and changes none', async () => {
    const deploy =
      'on: push\njobs:\n  deploy:\n    steps:\n      # kubectl apply\n      - run: kubectl -n shop apply -f k8s\n';
    const review = 'jobs: { a: { steps: [{ uses: slipway-dev/slipway/actions/pull-request@v1 }] } }\n';
    const own = { '.github/workflows/deploy.yml': deploy, '.github/workflows/review.yml': review };
    write({ ...FILES, ...own, '.github/workflows/test.yml': 'on: push\njobs: {}\n' });
    const { printed } = await runIn(folder, 'init', '--yes');
    expect(printed).toContain('.github/workflows/deploy.yml:6:7: conflict: the workflow deploys');
    expect(printed).toContain('.github/workflows/review.yml:1:1: conflict: the workflow comments');
    expect(printed).not.toContain('test.yml');
    expect(read('.github/workflows/deploy.yml')).toBe(deploy);
  });

  it('writes nothing in a dry run, and shows each file', async () => {
    write(FILES);
    const before = all();
    const { exitCode, printed } = await runIn(folder, 'init', '--dry-run');
    expect([exitCode, all()]).toEqual([0, before]);
    expect(printed).toContain('+++ slipway.yaml');
    expect(printed).toContain('; nothing was written');
  });

  it('makes stencils of the manifests with --apply-fixes, and deploys the same', async () => {
    write(FILES);
    await runIn(folder, 'init', '--yes');
    const kept = (await runIn(folder, 'render')).printed;
    for (const path of ['slipway.yaml', 'formations', '.github'])
      rmSync(join(folder, path), { recursive: true });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes', '--apply-fixes');
    expect(exitCode).toBe(0);
    expect(printed).toContain('edited k8s/web.yaml');
    expect(printed).toContain(
      '-          image: registry.acme.example/shop/web:1.2\n+          image: ${image.web}',
    );
    expect(read('k8s/web.yaml')).toContain('image: "${image.redis}" }');
    expect(read('k8s/script.yaml')).toContain('echo "$${USER} $$${HOME}"');
    expect((await runIn(folder, 'render')).printed).toBe(kept);
  });

  it.each([
    ['a block', (image: string) => `>-\n            ${image}`],
    ['an alias', () => '*image'],
  ])('edits nothing with --apply-fixes where an image is in %s, and names its line', async (_, written) => {
    const image = 'registry.acme.example/shop/web:1.2';
    const text = WEB.replace(`image: ${image}`, `image: ${written(image)}`).replace(
      'name: web }',
      `name: web, annotations: { image: &image ${image} } }`,
    );
    write({ ...FILES, 'k8s/web.yaml': text });
    const { exitCode, printed, complaints } = await runIn(folder, 'init', '--yes', '--apply-fixes');
    expect([exitCode, complaints, read('k8s/web.yaml')]).toEqual([
      0,
      expect.not.stringContaining('error'),
      text,
    ]);
    expect(printed).toMatch(
      /^k8s\/web\.yaml:11:\d+: note: --apply-fixes edits no file, as the image "registry\.acme\.example\/shop\/web:1\.2" is not written on this line/m,
    );
  });

  it.each([
    ['2048', 'app-2048'],
    ['3d-viewer', 'app-3d-viewer'],
    ['on', 'on'],
    ['null', 'null'],
    ['y', 'y'],
  ])('makes a Service with a name that Kubernetes takes of the folder %s', async (name, service) => {
    write({ [`${name}/Dockerfile`]: 'FROM scratch\nEXPOSE 8080\nUSER 1000\n' });
    expect((await runIn(folder, 'init', '--yes')).complaints).not.toContain('error');
    expect(existsSync(join(folder, `stencils/${service}.yaml`))).toBe(true);
    expect((await runIn(folder, 'check')).printed).toMatch(/^staging\/main: passed, 0 errors and 0 warnings/);
  });

  it('takes the application and the workflows of a folder of a checkout', async () => {
    mkdirSync(join(folder, '.git'));
    write(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`apps/shop/${path}`, text])));
    const exec: Machine['exec'] = () => Promise.resolve({ exitCode: 1, stdout: '', stderr: '' });
    const machine = { ...machineIn(join(folder, 'apps/shop'), { printed: [], complaints: [] }), exec };
    expect(await runProgram(['init', '--yes'], machine)).toBe(0);
    expect(existsSync(join(folder, 'apps/shop/slipway.yaml'))).toBe(true);
    expect(readdirSync(join(folder, '.github/workflows'))).toContain('shop-release.yml');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'that of the remote',
      { 'symbolic-ref .* refs/remotes/origin/HEAD': 'origin/trunk', 'for-each-ref': 'main' },
      'trunk',
    ],
    ['main, whatever is checked out', { 'for-each-ref': 'a\nmain\nmaster', 'short HEAD': 'a' }, 'main'],
    ['master, where there is no main', { 'for-each-ref': 'a\nmaster', 'short HEAD': 'a' }, 'master'],
    ['the one of the first commit', { 'short HEAD': 'develop' }, 'develop'],
    ['main, where Git says nothing', {}, 'main'],
  ])('releases the branch that is most likely meant: %s', async (_name, answers, branch) => {
    write(FILES);
    mkdirSync(join(folder, '.git'));
    const exec = gitAnswering(answers);
    const machine = { ...machineIn(folder, { printed: [], complaints: [] }), exec };
    expect(await runProgram(['init', '--yes'], machine)).toBe(0);
    expect(read('.github/workflows/release.yml')).toContain(`push: { branches: ["${branch}"] }`);
    expect(await runProgram(['workflows', '--check'], machine)).toBe(0);
  });
});

describe('slipway init where a spawned formation is written already', () => {
  const formation = (name: string, registry: string): string => `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: ${name} }
spec:
  extends: staging
  name-prefix: pr-\${spawn}-
  labels: { example.com/${name}: "\${spawn}" }
  spawn: { form: shared, expires: 48h, at-most: 8, hosts: [preview.acme.io], registry: ${registry} }
  destinations: { dev: { namespace: ${name}s, context: dev } }
`;
  const PREVIEW = formation('preview', 'registry.acme.example/shop-preview');
  const workflows = (): string[] =>
    readdirSync(join(folder, '.github/workflows')).filter(name => name.includes('preview'));

  it('writes the workflows of its instances, as slipway workflows does', async () => {
    write({ ...FILES, 'formations/preview.yaml': PREVIEW });
    const { exitCode, printed, complaints } = await runIn(folder, 'init', '--yes');
    expect([exitCode, complaints]).toEqual([0, expect.not.stringContaining('error')]);
    expect(read('formations/preview.yaml')).toBe(PREVIEW);
    expect(workflows().sort()).toEqual(['preview-end.yml', 'preview.yml']);
    for (const file of workflows()) expect(printed).toContain(`wrote .github/workflows/${file}`);
    expect(read('.github/workflows/preview.yml')).toContain('formation: preview');
    expect(read('.github/workflows/preview.yml')).toContain('spawn: event');
    expect(read('.github/workflows/preview-end.yml')).toContain('mode: ');
    expect((await runIn(folder, 'workflows', '--check')).exitCode).toBe(0);
    expect((await runIn(folder, 'render', '--spawn', '7')).printed).toMatch(/^preview-7\/dev: 2 objects/);
  });

  it('names them by the formation where there are two, and writes none with --without-workflows', async () => {
    const demo = formation('demo', 'registry.acme.example/shop-demo');
    write({ ...FILES, 'formations/preview.yaml': PREVIEW, 'formations/demo.yaml': demo });
    expect((await runIn(folder, 'init', '--yes', '--dry-run')).exitCode).toBe(0);
    expect(existsSync(join(folder, '.github'))).toBe(false);
    expect((await runIn(folder, 'init', '--yes', '--without-workflows')).exitCode).toBe(0);
    expect(existsSync(join(folder, '.github'))).toBe(false);
    expect((await runIn(folder, 'workflows')).exitCode).toBe(0);
    expect(workflows().sort()).toEqual([
      ...['preview-demo.yml', 'preview-end-demo.yml', 'preview-end-preview.yml', 'preview-preview.yml'],
    ]);
  });

  it('leaves a preview.yml of someone else as it is, and names all others otherwise', async () => {
    const own = { '.github/workflows/preview.yml': 'on: push\njobs: {}\n' };
    write({ ...FILES, 'formations/preview.yaml': PREVIEW, ...own });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, read('.github/workflows/preview.yml')]).toEqual([
      0,
      own['.github/workflows/preview.yml'],
    ]);
    expect(printed).toContain('.github/workflows/preview.yml:1:1: conflict: the file stays as it is');
    expect(workflows().sort()).toEqual(['preview.yml', 'shop-preview-end.yml', 'shop-preview.yml']);
  });

  it('writes nothing where the block has a mistake', async () => {
    const broken = PREVIEW.replace('at-most: 8', 'at-most: 0');
    write({ ...FILES, 'formations/preview.yaml': broken });
    const before = all();
    const { exitCode, complaints } = await runIn(folder, 'init', '--yes');
    expect([exitCode, all()]).toEqual([2, before]);
    expect(complaints).toContain('formations/preview.yaml');
  });
});

describe("slipway init where config/ is another program's", () => {
  const TAKEN = { 'config/cable.yml': 'test:\n  adapter: async\n' };
  const APPLICATION = ['--application', 'deploy/slipway.yaml'];

  async function isComplete(): Promise<void> {
    expect((await runIn(folder, 'check', ...APPLICATION)).printed).toMatch(
      /^staging\/main: passed, 0 errors/,
    );
    const checked = await runIn(folder, 'workflows', '--check', ...APPLICATION);
    expect([checked.complaints, checked.exitCode]).toEqual(['', 0]);
  }

  it('writes slipway.yaml into deploy/, with the manifests and contexts as seen from there', async () => {
    write({ ...FILES, ...TAKEN });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, existsSync(join(folder, 'slipway.yaml'))]).toEqual([0, false]);
    expect(printed).toContain('next: slipway check --application deploy/slipway.yaml');
    expect(read('deploy/slipway.yaml')).toContain('context: "../services/web"\n');
    expect(read('deploy/formations/staging.yaml')).toContain('../k8s');
    await isComplete();
  });

  it('keeps Dockerfiles with the code, and has stencils and secrets in deploy/', async () => {
    write({
      ...TAKEN,
      Gemfile: "gem 'rails'\ngem 'pg'\n",
      'config/routes.rb': 'get "up" => "rails/health#show"\n',
    });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, printed]).toEqual([0, expect.not.stringContaining('is a secret in the repository')]);
    expect(read('deploy/slipway.yaml')).toContain('context: ".."\n');
    expect([existsSync(join(folder, 'Dockerfile')), existsSync(join(folder, 'stencils'))]).toEqual([
      true,
      false,
    ]);
    expect(readdirSync(join(folder, 'deploy')).sort()).toEqual([
      'config',
      'formations',
      'slipway.yaml',
      'stencils',
    ]);
    await isComplete();
  });

  it('takes slipway/ where deploy/ has files', async () => {
    write({ ...TAKEN, ...FILES, 'deploy/run.sh': '' });
    expect((await runIn(folder, 'init', '--yes')).exitCode).toBe(0);
    expect(existsSync(join(folder, 'slipway/slipway.yaml'))).toBe(true);
  });

  it('refuses a second call', async () => {
    write({ ...FILES, ...TAKEN });
    await runIn(folder, 'init', '--yes');
    expect((await runIn(folder, 'init', '--yes')).complaints).toMatch(
      /^error: "deploy\/slipway\.yaml" exists already/,
    );
  });

  it('edits the manifests where they are with --apply-fixes', async () => {
    write({ ...FILES, ...TAKEN });
    expect((await runIn(folder, 'init', '--yes', '--apply-fixes')).exitCode).toBe(0);
    expect(read('k8s/web.yaml')).toContain('image: ${image.web}');
    await isComplete();
  });
});

describe('a workflow of someone else with the name of one of ours', () => {
  const OWN = 'on: push\njobs: {}\n';
  const PATH = '.github/workflows/release.yml';

  it('stays, and ours have the name of the application before theirs, which later commands keep', async () => {
    write({ ...FILES, [PATH]: OWN });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, read(PATH)]).toEqual([0, OWN]);
    expect(printed).toContain(
      `${PATH}:1:1: conflict: the file stays as it is, so the names of the workflows of Slipway begin with "shop-"`,
    );
    expect(read('.github/workflows/shop-release.yml')).toContain('name: "shop: Release"');
    expect(await runIn(folder, 'workflows', '--check')).toMatchObject({ exitCode: 0, complaints: '' });
    expect((await runIn(folder, 'workflows', '--branch', 'trunk')).exitCode).toBe(0);
    expect([read(PATH), existsSync(join(folder, '.github/workflows/pull-request.yml'))]).toEqual([
      OWN,
      false,
    ]);
  });

  it('is not a conflict without workflows', async () => {
    write({ ...FILES, [PATH]: OWN });
    expect((await runIn(folder, 'init', '--yes', '--without-workflows')).printed).not.toContain('conflict');
  });
});

describe('questions', () => {
  it('are in the document with --json, which asks no one', async () => {
    write(FILES);
    const before = all();
    const { exitCode, printed } = await runIn(folder, 'init', '--json');
    const proposal = JSON.parse(printed) as Proposal;
    expect([exitCode, proposal.written, all()]).toEqual([1, false, before]);
    expect(proposal.questions.map(({ id }) => id)).toContain('formation');
  });

  it('are listed where there is no terminal, and nothing is written', async () => {
    write(FILES);
    const before = all();
    const { exitCode, complaints } = await runIn(folder, 'init');
    expect([exitCode, all()]).toEqual([1, before]);
    expect(complaints).toContain('question: Where does it run? (--answer formation=staging or production)');
  });

  it('are asked at a terminal, where an empty line takes the likely answer and a number another one', async () => {
    write(FILES);
    const { exitCode, asked, complaints } = await atTerminal('2', 'Not A Registry', 'ghcr.io/acme/shop');
    expect([exitCode, asked.length]).toEqual([0, 3]);
    expect(complaints).toContain('"Not A Registry" is refused: it must be registry.example/repository');
    expect(existsSync(join(folder, 'formations/production.yaml'))).toBe(true);
    expect(read('slipway.yaml')).toContain('registry: ghcr.io/acme/shop\n');
  });

  it('leave a made-up owner of the registry a guess, even if it is taken', async () => {
    write({ 'k8s/pod.yaml': POD });
    await runIn(folder, 'init', '--yes', '--answer', 'registry=ghcr.io/owner/shop');
    expect(read('slipway.yaml')).toContain('registry: ghcr.io/owner/shop # guess: ');
  });

  it('have one for the namespace that no manifest names, as what runs in another one would run twice', async () => {
    write({ 'k8s/pod.yaml': POD });
    expect((await runIn(folder, 'init')).complaints).toContain('(--answer namespace=shop or default)');
    const answers = ['--answer', 'namespace=store'];
    const { printed } = await runIn(folder, 'init', '--yes', ...answers);
    expect(read('formations/staging.yaml')).toContain('namespace: store\n');
    expect(printed).toContain('1 guessed line,');
    expect(printed.split('\n').at(-1)).toContain('next: slipway check, then slipway setup staging');
  });

  it('have none for it where several formations lack it', async () => {
    write({ 'k8s/staging/pod.yaml': POD, 'k8s/production/pod.yaml': POD });
    expect((await runIn(folder, 'init')).complaints).not.toContain('namespace');
    expect((await runIn(folder, 'init', '--yes')).printed).toContain(
      'next: slipway check, then slipway setup staging',
    );
  });

  it.each([
    ['formation=nowhere', 'the answer "nowhere" to "formation" is refused'],
    ['formation=../x', 'the answer "../x" to "formation" is refused: it must be "staging" or "production"'],
    ['registry=http://x', 'the answer "http://x" to "registry" is refused'],
    ['colour=red', 'there is no question "colour"'],
    ['formation', 'the flag "--answer" has no "="'],
  ])('refuse the answer %s', async (answer, message) => {
    write(FILES);
    const { exitCode, complaints } = await runIn(folder, 'init', '--yes', '--answer', answer);
    expect([exitCode, existsSync(join(folder, 'slipway.yaml'))]).toEqual([2, false]);
    expect(complaints).toContain(message);
  });
});

describe('a compose file', () => {
  it('becomes stencils that render and pass their rules, and workflows that know its secrets', async () => {
    const compose = resolve(import.meta.dirname, '../../../testkit/src/repositories/files/compose');
    cpSync(compose, folder, { recursive: true });
    write({ 'package.json': '{"scripts":{"start":"node a.js"}}', 'a.js': 'app.listen(3000)' });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect(exitCode).toBe(0);
    expect(printed).toMatch(/^compose\.yaml:14:\d+: note: the volume "data" becomes a claim/m);
    expect((await runIn(folder, 'check')).exitCode).toBe(0);
    expect((await runIn(folder, 'workflows', '--check')).exitCode).toBe(0);
    expect(read('.github/workflows/release.yml')).toContain('secrets.POSTGRES_PASSWORD');
  });
});

describe('bad input is one sentence each, and nothing is written', () => {
  async function refused(...args: string[]): Promise<string> {
    const before = all();
    const { exitCode, printed, complaints } = await runIn(folder, 'init', '--yes', ...args);
    expect([exitCode, printed, all()]).toEqual([2, '', before]);
    const dry = await runIn(folder, 'init', '--dry-run', ...args);
    expect([dry.exitCode, dry.printed, dry.complaints]).toEqual([2, '', complaints]);
    return complaints;
  }

  it('for an empty folder', async () => {
    expect(await refused()).toMatch(/^error: the folder has no manifests, .* \(nothing-found\)$/);
  });

  it.each([
    ['that ends too early', '{\n  "name": "shop",\n  "scripts": {', 3, 15, 'it ends too early'],
    ['with a comma too much', '{\n  "name": "shop",\n}', 3, 1, '"}" is not expected here'],
    ['with a text in single quotes', "{ 'name': 'shop' }", 1, 3, `"'" is not expected here`],
    ['with a comment', '{} // later', 1, 4, '"/" is not expected here'],
    ['that is empty', '', 1, 1, 'it ends too early'],
  ])('for a package.json %s, which is named with its position', async (_, text, line, column, why) => {
    write({ 'package.json': text, 'index.js': '' });
    const complaints = await refused();
    expect(complaints).toContain(
      `\nerror: package.json:${line}:${column}: "package.json" is not JSON: ${why}, so that its program is left out; correct it, and call slipway init again (nothing-found)`,
    );
  });

  it('for an application that is there', async () => {
    write({ ...FILES, 'slipway.yaml': 'apiVersion: slipway.dev/v1\n' });
    expect(await refused()).toMatch(/^error: "slipway.yaml" exists already; .* \(init-exists\)$/);
  });

  it('for files of another program where Slipway reads its own, and no folder that is free', async () => {
    write({ ...FILES, 'config/cable.yml': 'test:\n  adapter: async\n', 'deploy/run.sh': '', slipway: '' });
    expect(await refused()).toMatch(
      /^error: "config\/cable\.yml" is not one of Slipway's files, .* \(folder-taken\)$/,
    );
  });

  it.each([
    ['helm', 'Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'renders the chart with it'],
    ['kubectl', 'kustomization.yaml', 'resources: []\n', 'renders the Kustomize directories with it'],
  ])('for a program that is not installed: %s', async (program, path, text, need) => {
    write({ [path]: text, Dockerfile: 'FROM scratch\n' });
    const [printed, complaints]: [string[], string[]] = [[], []];
    const before = all();
    const exec: Machine['exec'] = command =>
      Promise.reject(
        new SlipwayError({
          code: 'command-not-found',
          message: `"${command}" cannot be run`,
          remedy: 'install it',
        }),
      );
    const machine = { ...machineIn(folder, { printed, complaints }), exec };
    expect([await runProgram(['init', '--yes'], machine), printed, all()]).toEqual([2, [], before]);
    expect(complaints.join('\n')).toMatch(
      new RegExp(
        `^error: "${program}" cannot be run, and init ${need} .*; install it \\(https://[^ ]+\\), .*$`,
      ),
    );
  });

  it('for each file that exists, such as a workflow of either name', async () => {
    write({
      ...FILES,
      '.github/workflows/release.yml': 'on: push\n',
      '.github/workflows/shop-release.yml': 'on: push\n',
      'formations/staging.yaml': 'apiVersion: slipway.dev/v1\n',
    });
    expect(await refused()).toContain('formations/staging.yaml');
    rmSync(join(folder, 'formations'), { recursive: true });
    expect(await refused()).toMatch(
      /^error: "\.github\/workflows\/shop-release\.yml" exists already; .*--without-workflows.*$/,
    );
    expect((await runIn(folder, 'init', '--yes', '--without-workflows')).exitCode).toBe(0);
  });

  it('for a file where a folder has to be', async () => {
    write({ ...FILES, formations: 'not a folder', '.github': 'neither' });
    expect(await refused()).toMatch(
      /^error: "formations" is a file, .* \(init-failed\)\nerror: "\.github" is a file, .* \(init-failed\)$/,
    );
  });

  it('for a link that leads out instead of manifests', async () => {
    symlinkSync(home, join(folder, 'k8s'));
    expect(await refused()).toMatch(
      /nothing-found\)\nerror: k8s:1:1: "k8s" is a link, so it is left out; .*$/,
    );
  });

  it('without a line of a file that is not written yet', async () => {
    write(FILES);
    symlinkSync(home, join(folder, 'k8s/more'));
    expect(await refused()).toMatch(
      /^error: in the formations\/staging\.yaml that init would write, "k8s\/more" points out of the folder/,
    );
  });

  it('for manifests of which none can be read, each by its line', async () => {
    write({
      'k8s/a.yaml': 'apiVersion: v1\nkind: Pod\n{{ if .x }}\n',
      'k8s/b.yaml': 'apiVersion: v1\nkind: Pod\na: [\n',
      'k8s/c.yaml': '{{- if .x }}\napiVersion: v1\nkind: Pod\n{{- end }}\n',
      'k8s/d.yaml': '{% for x in y %}\napiVersion: v1\nkind: Pod\n{% endfor %}\n',
    });
    const complaints = await refused();
    expect(complaints).toMatch(/k8s\/c\.yaml:\d+:\d+: the manifest is a template of another program/);
    expect(complaints).toMatch(/k8s\/d\.yaml:\d+:\d+: the manifest is a template of another program/);
    expect(complaints).toMatch(/k8s\/a\.yaml:\d+:\d+: the manifest is a template of another program/);
    expect(complaints).toMatch(/k8s\/b\.yaml:\d+:\d+: the manifest cannot be read/);
  });

  it('for manifests that are not text in UTF-8', async () => {
    mkdirSync(join(folder, 'k8s'));
    writeFileSync(join(folder, 'k8s/web.yaml'), Buffer.from(`\ufeff${SCRIPT}`, 'utf16le'));
    writeFileSync(join(folder, 'k8s/cache.yaml'), Buffer.from(`${SCRIPT}# \u00e9\n`, 'latin1'));
    const complaints = await refused();
    for (const name of ['web', 'cache'])
      expect(complaints).toContain(`"k8s/${name}.yaml" is not text in UTF-8, so it is left out`);
  });

  it('for a manifest that is too large, by its size', async () => {
    write({ 'k8s/big.yaml': `${SCRIPT}#${'x'.repeat(8 * 2 ** 20)}` });
    const complaints = await refused();
    expect(complaints).toContain('"k8s/big.yaml" is larger than 8 MiB, so it is left out');
    expect(complaints).not.toContain('UTF-8');
  });

  it('for sources without an object', async () => {
    write({ 'k8s/all.yaml': 'apiVersion: v1\nkind: List\nitems: []\n' });
    expect(await refused()).toContain('the sources of the formation "staging" have no objects');
  });

  it('for two objects of one name', async () => {
    write({ ...FILES, 'k8s/again.yaml': SCRIPT });
    expect(await refused()).toContain('ConfigMap "script" is already defined');
  });

  it('for an object without a namespace beside one of its name that has one', async () => {
    const other = WEB.replace('metadata: { name: web }', 'metadata: { name: web, namespace: other }');
    write({ ...FILES, 'k8s/z.yaml': other });
    expect(await refused()).toMatch(
      /^error: k8s\/web\.yaml:3:13: Deployment "web" names no namespace, and another one of that name does/m,
    );
  });

  it('for two Dockerfiles of one name', async () => {
    write({ ...FILES, 'a-b/web/Dockerfile': 'FROM scratch\n', 'a/b/web/Dockerfile': 'FROM scratch\n' });
    expect(await refused()).toMatch(/"a-b\/web" and "a\/b\/web" would both be the service "a-b-web"/);
  });

  it('for a link that leads out where a file is to be written', async () => {
    write(FILES);
    symlinkSync(home, join(folder, '.github'));
    expect(await refused()).toMatch(/^error: the output "\.github\/workflows\/.*" is outside the workspace/);
    expect(existsSync(join(home, 'workflows'))).toBe(false);
  });
});

describe('a failure half-way', () => {
  it('is said by the file, and nothing is left behind', async () => {
    write(FILES);
    symlinkSync('nowhere', join(folder, 'formations'));
    const before = all();
    const { exitCode, printed, complaints } = await runIn(folder, 'init', '--yes');
    expect([exitCode, printed, all()]).toEqual([2, '', before]);
    expect(complaints).toMatch(
      /^error: "formations\/staging\.yaml" cannot be written \(E\w+\); nothing was left behind/,
    );
    expect(existsSync(join(folder, '.github'))).toBe(false);
  });
});

describe('manifests', () => {
  it.each([
    ['with a byte order mark and the line ends of Windows', `\ufeff${SCRIPT.replaceAll('\n', '\r\n')}`],
    ['with keys in quotes', SCRIPT.replace('apiVersion', '"apiVersion"').replace('kind', "'kind'")],
    ['in the flow style', '{ apiVersion: v1, kind: ConfigMap, metadata: { name: script } }\n'],
  ])('are found %s', async (_name, text) => {
    write({ 'k8s/script.yaml': text, Dockerfile: 'FROM scratch\n' });
    expect((await runIn(folder, 'init', '--yes')).exitCode).toBe(0);
    expect((await runIn(folder, 'render')).printed).toContain('1 object');
  });
});

describe('what is left out is named', () => {
  it('as a compose file with two services of one name is, which Compose refuses', async () => {
    write({
      'compose.yaml': 'services:\n  web: {build: .}\n  web: {image: redis}\n',
      Dockerfile: 'FROM scratch\n',
    });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, printed]).toEqual([
      0,
      expect.stringMatching(
        /^compose\.yaml:3:3: unread: the compose file cannot be read, .*"web" appears twice/m,
      ),
    ]);
  });

  it('as templates, other files and links among the manifests are', async () => {
    write({
      ...FILES,
      'k8s/template.yaml': 'apiVersion: v1\nkind: Pod\n{{ if .x }}\n',
      'k8s/values.yaml': 'a: 1\n',
    });
    symlinkSync('/etc/passwd', join(folder, 'k8s/passwd.yaml'));
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect(exitCode).toBe(0);
    expect(printed).toMatch(/^k8s\/template\.yaml:\d+:\d+: template: /m);
    expect(printed).toMatch(/^k8s\/values\.yaml:1:1: unread: /m);
    expect(printed).toMatch(/^k8s\/passwd\.yaml:1:1: unread: .* is a link, so it is left out/m);
    expect(read('formations/staging.yaml')).toContain('- k8s/passwd.yaml\n');
    expect((await runIn(folder, 'check')).exitCode).toBe(0);
  });

  it('as an empty image is, which is not patched', async () => {
    const empty = POD.replace('image: "redis:8"', "image: ''");
    write({ 'k8s/a.yaml': empty, Dockerfile: 'FROM scratch\n' });
    const { exitCode, printed } = await runIn(folder, 'init', '--yes');
    expect([exitCode, printed]).toEqual([
      0,
      expect.stringMatching(/^k8s\/a\.yaml:4:\d+: template: the image is empty/m),
    ]);
    expect(read('formations/staging.yaml')).not.toContain('patches:');
  });

  it.each([
    ['snapshot.json', '{ "apiVersion": "slipway.dev/v1", "kind": "Snapshot" }'],
    ['skaffold.yaml', 'apiVersion: skaffold/v4beta11\nkind: Config\n'],
    ['catalog-info.yaml', 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: x }\n'],
  ])('unless it is a file of another program, which is not among the manifests: %s', async (path, text) => {
    write({ ...FILES, [path]: text });
    expect((await runIn(folder, 'init', '--yes')).exitCode).toBe(0);
    expect(read('formations/staging.yaml')).not.toContain(path);
  });

  it('as manifests that Git ignores are', async () => {
    mkdirSync(join(folder, '.git'));
    write({ ...FILES, 'k8s/local.yaml': POD });
    const printed: string[] = [];
    const exec = gitAnswering({ 'ls-files .*--ignored': 'k8s/local.yaml\0node_modules/\0' });
    const machine = { ...machineIn(folder, { printed, complaints: [] }), exec };
    expect(await runProgram(['init', '--yes'], machine)).toBe(0);
    expect(printed.join('\n')).toMatch(
      /^k8s\/local\.yaml:1:1: unread: "k8s\/local\.yaml" is ignored by Git, so no job has it/m,
    );
    expect(read('formations/staging.yaml')).toContain('- k8s/local.yaml\n');
  });

  it('as a Dockerfile that BuildKit would refuse is', async () => {
    write({ ...FILES, 'services/web/Dockerfile': 'FROM scratch\nCOPY <<EOF /a\nno end\n' });
    const { printed } = await runIn(folder, 'init', '--yes');
    expect(printed).toMatch(
      /^services\/web\/Dockerfile:2:1: unread: the Dockerfile may not be one that can be built/m,
    );
  });

  it('as Dockerfiles with a name of their own are', async () => {
    write({ ...FILES, 'services/web/Dockerfile.prod': 'FROM scratch\n', 'Dockerfile.dockerignore': '*\n' });
    const { printed } = await runIn(folder, 'init', '--yes');
    expect(printed).toMatch(/^services\/web\/Dockerfile\.prod:1:1: unread: the Dockerfile is not built/m);
    expect(printed).not.toContain('Dockerfile.dockerignore');
  });

  it('as a folder without Git is', async () => {
    write(FILES);
    expect((await runIn(folder, 'init', '--yes')).complaints).toContain('the folder is not a Git repository');
  });
});

describe('hostile names', () => {
  it.each(['a\nb: c', '${{ github.token }}', '-rf', '..', '# x', '"', '{{ x }}', '\u202e'])(
    'become no syntax of a file: %j',
    async name => {
      const hostile = name === '..' ? '...' : name;
      write({
        [`services/${hostile}/Dockerfile`]: 'FROM scratch\n',
        [`k8s/${hostile}/web.yaml`]: WEB,
        ...FILES,
      });
      const { exitCode } = await runIn(folder, 'init', '--yes', '--answer', 'formation=staging');
      if (exitCode !== 0) return expect(existsSync(join(folder, 'slipway.yaml'))).toBe(false);
      expect((await runIn(folder, 'render')).complaints).toBe('');
      expect((await runIn(folder, 'workflows', '--check')).exitCode).toBe(0);
    },
  );
});
