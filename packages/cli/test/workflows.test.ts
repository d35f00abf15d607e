import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type JsonValue, type Workflows, workflowsSchema } from '@slipway/core';
import { isScheduledLook } from '@slipway/workflows';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { runProgram } from '../src/run-program.ts';
import { machineIn } from './support/machine.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/shop');
const RELEASE = '.github/workflows/release.yml';
const PROMOTE = '.github/workflows/promote.yml';

let folder: string;
let printed: string[];
let complaints: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-workflows-'));
  cpSync(EXAMPLE, folder, { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]): Promise<number> {
  printed = [];
  complaints = [];
  return await runProgram(['workflows', ...argv], machineIn(folder, { printed, complaints }));
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function edit(path: string, before: string, after: string): void {
  const text = read(path);
  expect(text).toContain(before);
  writeFileSync(
    join(folder, path),
    text.replace(before, () => after),
  );
}

/** The texts of all workflows. */
function workflows(): Readonly<Record<string, string>> {
  const names = readdirSync(join(folder, '.github/workflows'));
  return Object.fromEntries(names.map(name => [name, read(`.github/workflows/${name}`)]));
}

describe('--check', () => {
  it('finds nothing where nothing has changed, and nothing is written twice', async () => {
    expect([await run('--check'), complaints]).toEqual([0, []]);
    expect([await run(), printed]).toEqual([0, []]);
  });

  it('names each file that is out of date, with the first line that differs, and writes nothing', async () => {
    edit('formations/production.yaml', 'waves: [[eu], [us]]', 'waves: [[us], [eu]]');
    edit('formations/staging.yaml', 'environment: staging', 'environment: test');
    const before = workflows();
    expect(await run('--check')).toBe(1);
    expect(complaints).toContain(`${RELEASE}:2: the file is out of date; run slipway workflows`);
    expect(workflows()).toEqual(before);
    expect([await run(), await run('--check')]).toEqual([0, 0]);
  });

  it('names the command with the flags of the call, and with the version and the runners that the files have', async () => {
    await run('--version', 'v1.2.3', '--runs-on', 'our-own');
    expect(await run('--check', '--id-token', '--branch', 'trunk')).toBe(1);
    expect(complaints[0]).toMatch(
      /; run slipway workflows --branch trunk --id-token --version v1\.2\.3 --runs-on our-own$/,
    );
    expect(await run('--check', '--version', 'v2')).toBe(1);
    expect(complaints[0]).toMatch(/; run slipway workflows --version v2 --runs-on our-own$/);
    expect(await run('--check', '--version', 'v1.2.3', '--runs-on', 'our-own')).toBe(0);
  });

  it('says of a folder that does not exist, and of a file, that it is not one', async () => {
    for (const named of ['nowhere', 'slipway.yaml']) {
      expect(await run('--repository', named)).toBe(2);
      expect(complaints).toEqual([
        `error: the folder "${named}" that --repository names does not exist; correct its path, which counts from the folder of the call (repository-folder-missing)`,
      ]);
    }
  });

  it('names a file that is missing', async () => {
    rmSync(join(folder, RELEASE));
    expect(await run('--check')).toBe(1);
    expect(complaints).toEqual([`${RELEASE}:1: the file is missing; run slipway workflows`]);
  });
});

it('a folder that cannot be written is one sentence', async () => {
  rmSync(join(folder, '.github'), { recursive: true });
  writeFileSync(join(folder, '.github'), 'a file where a folder has to be');
  expect([await run(), printed]).toEqual([2, []]);
  expect(complaints).toEqual([
    expect.stringMatching(
      /^error: "\.github\/workflows\/[\w-]+\.yml" cannot be written \((?:ENOTDIR|EEXIST)\); .*\(workflow-unwritable\)$/,
    ),
  ]);
});

it('a formation that gets a strategy gets progress.yml with its schedule, and loses it with the strategy', async () => {
  const path = '.github/workflows/progress.yml';
  const before = read(path);
  expect(isScheduledLook(load(before) as JsonValue)).toBe(true);
  const formations = ['formations/production.yaml', 'formations/staging.yaml'];
  const own = formations.map(read);
  for (const formation of formations) edit(formation, '  strategy:\n', '  strategy: none\n  # was:\n');
  for (const formation of formations)
    writeFileSync(join(folder, formation), read(formation).replace(/ {2}# was:[\s\S]*(?= {2}policies:)/, ''));
  expect([await run(), existsSync(join(folder, path))]).toEqual([0, false]);
  for (const [index, formation] of formations.entries())
    writeFileSync(join(folder, formation), own[index] ?? '');
  expect(await run('--check')).toBe(1);
  expect(complaints).toContain(`${path}:1: the file is missing; run slipway workflows`);
  expect([await run(), read(path)]).toEqual([0, before]);
});

describe('--json', () => {
  async function document(...argv: string[]) {
    const exitCode = await run('--json', ...argv);
    const value = JSON.parse(printed.join('\n')) as Workflows;
    expect(new Ajv().validate(workflowsSchema, value)).toBe(true);
    const open = value.files.filter(({ state, done }) => state !== 'current' || done !== 'nothing');
    return { exitCode, open, files: value.files };
  }

  it('has every file, with what is wrong with it and what was done, and nothing else is said', async () => {
    rmSync(join(folder, RELEASE));
    edit(PROMOTE, 'workflow_dispatch', 'workflow_dispatch ');
    const checked = await document('--check');
    expect([checked.exitCode, checked.files.length > checked.open.length, complaints]).toEqual([1, true, []]);
    expect(checked.open).toEqual([
      { path: RELEASE, state: 'missing', done: 'nothing', problem: expect.stringContaining('is missing') },
      {
        path: PROMOTE,
        state: 'edited',
        done: 'nothing',
        problem: expect.any(String),
        diff: expect.any(String),
      },
    ]);
    const refused = await document();
    expect([
      refused.exitCode,
      refused.open.map(({ done, problem }) => [done, problem !== undefined]),
    ]).toEqual([
      1,
      [
        ['nothing', false],
        ['nothing', true],
      ],
    ]);
    const forced = await document('--force');
    expect([forced.exitCode, forced.open.map(({ done, problem }) => [done, problem])]).toEqual([
      0,
      [
        ['written', undefined],
        ['written', undefined],
      ],
    ]);
    expect(await run('--check')).toBe(0);
  });
});

describe('--prefix', () => {
  it('writes files of other names beside those of someone else, and is kept', async () => {
    const foreign = 'on: push\njobs: {}\n';
    writeFileSync(join(folder, RELEASE), foreign);
    expect(await run()).toBe(1);
    expect(complaints.join('\n')).toContain('write files of other names beside it with --prefix');
    expect(await run('--prefix')).toBe(0);
    expect(printed).toEqual(
      expect.arrayContaining(['wrote .github/workflows/shop-release.yml', `removed ${PROMOTE}`]),
    );
    expect([read(RELEASE), await run('--check')]).toEqual([foreign, 0]);
    writeFileSync(join(folder, '.github/workflows/shop-release.yml'), foreign);
    expect(await run('--prefix')).toBe(1);
    expect(complaints.join('\n')).not.toContain('with --prefix');
  });
});

it('a folder of a checkout has its workflows where GitHub reads them', async () => {
  const application = join(folder, 'checkout/apps/shop');
  cpSync(EXAMPLE, application, { recursive: true });
  mkdirSync(join(folder, 'checkout/.git'));
  writeFileSync(join(folder, 'checkout/.git/HEAD'), 'ref: refs/heads/main\n');
  const written: string[] = [];
  const machine = machineIn(application, { printed: written, complaints: [] });
  expect(await runProgram(['workflows'], machine)).toBe(0);
  expect(written).toContain('wrote .github/workflows/shop-release.yml');
  expect(existsSync(join(folder, 'checkout/.github/workflows/shop-release.yml'))).toBe(true);
  expect(existsSync(join(application, '.github/workflows/shop-release.yml'))).toBe(false);
});

describe('a secret that a rollback reads again', () => {
  const ROLLBACK = '.github/workflows/rollback.yml';

  it('is what the step of the rollback may read, and no other one', async () => {
    expect(read(ROLLBACK)).not.toContain('secrets: env=');
    edit(
      'config/database.yaml',
      'name: PRODUCTION_DATABASE_PASSWORD',
      'name: PRODUCTION_DATABASE_PASSWORD, on-rollback: current',
    );
    expect(await run()).toBe(0);
    expect(read(ROLLBACK)).toContain('secrets: env=PRODUCTION_DATABASE_PASSWORD');
    expect(read(ROLLBACK)).not.toContain('STAGING_DATABASE_PASSWORD');
  });
});

describe('--exact-deployments', () => {
  it('writes files whose jobs leave the record to Slipway, which --check knows by the same flag only', async () => {
    expect(await run('--exact-deployments')).toBe(0);
    expect(read(RELEASE)).toContain('environment: { name: staging, deployment: false }');
    expect([await run('--check', '--exact-deployments'), await run('--check')]).toEqual([0, 1]);
  });

  it('is refused on Enterprise Server, which does not have it', async () => {
    expect(await run('--exact-deployments', '--ghes')).toBe(2);
    expect(complaints.join()).toContain('which GitHub Enterprise Server does not have');
  });
});

describe('what a person wrote', () => {
  it('is kept between the marks of a login', async () => {
    edit(
      RELEASE,
      '      # slipway:login end',
      '      - uses: acme/login@v1 # ours\n      # slipway:login end',
    );
    expect(await run('--check')).toBe(0);
    expect(await run('--branch', 'trunk')).toBe(0);
    expect(read(RELEASE)).toContain('branches: ["trunk"]');
    expect([await run('--check'), await run('--check', '--branch', 'main')]).toEqual([0, 1]);
    expect(read(RELEASE)).toContain('      - uses: acme/login@v1 # ours\n');
  });

  it('is never other bytes afterwards: a login that is not UTF-8 is refused', async () => {
    edit(RELEASE, '      # slipway:login end', '      # caf?\n      # slipway:login end');
    const latin1 = Buffer.from(read(RELEASE).replace('caf?', 'caf\u00e9'), 'latin1');
    writeFileSync(join(folder, RELEASE), latin1);
    expect(await run('--branch', 'trunk')).toBe(2);
    expect(complaints).toEqual([
      `error: ${RELEASE}:1:1: the file contains bytes that are not UTF-8; save it as UTF-8 (yaml-encoding)`,
    ]);
    expect(readFileSync(join(folder, RELEASE))).toEqual(latin1);
  });

  it('is shown elsewhere and not overwritten, and then no file is written', async () => {
    edit(RELEASE, 'name: Release', 'name: Ship it');
    const before = workflows();
    expect(await run('--branch', 'trunk')).toBe(1);
    expect(complaints.join('\n')).toMatch(/^-name: Ship it\n[\s\S]*^\+name: Release$/m);
    expect(complaints.at(-1)).toBe(
      `${RELEASE}:1: the file was changed by hand outside of its logins; take the change back, or overwrite it with --force`,
    );
    expect(workflows()).toEqual(before);
  });

  it('is overwritten with --force, and shown all the same', async () => {
    edit(RELEASE, 'name: Release', 'name: Ship it');
    expect(await run('--force')).toBe(0);
    expect(complaints.join('\n')).toContain('-name: Ship it');
    expect(read(RELEASE)).toContain('name: Release');
  });

  it('is a whole file without the line of the command', async () => {
    writeFileSync(join(folder, RELEASE), 'name: Ours\n');
    expect(await run()).toBe(1);
    expect(complaints.at(-1)).toContain('was not written by this command');
    expect(read(RELEASE)).toBe('name: Ours\n');
  });

  it('is not lost with a job that is gone', async () => {
    edit(RELEASE, '      # slipway:login end', '      - uses: acme/login@v1\n      # slipway:login end');
    edit(
      'formations/staging.yaml',
      '    main: {',
      '    other: { namespace: shop-other, context: other, environment: other }\n    main: {',
    );
    expect(await run()).toBe(1);
    expect(complaints.at(-1)).toContain('a login of "release", a job that is gone');
    expect(read(RELEASE)).toContain('acme/login');
  });

  it('in other workflows is left alone', async () => {
    writeFileSync(join(folder, '.github/workflows/ours.yml'), 'name: Ours\n');
    expect(await run('--check')).toBe(0);
  });
});

describe('a file that no formation needs any more', () => {
  it('is removed if no one wrote a login into it', async () => {
    edit('formations/production.yaml', '  promoted-from: staging\n', '');
    expect(await run('--check')).toBe(1);
    expect(complaints).toContain(
      `${PROMOTE}:1: no formation needs the file any more; run slipway workflows, which shows and removes it`,
    );
    expect(await run()).toBe(0);
    expect(complaints.join('\n')).toMatch(/^-name: Promote$/m);
    expect(existsSync(join(folder, PROMOTE))).toBe(false);
  });
});

describe('a copy of a workflow that someone changed', () => {
  const COPY = '.github/workflows/promote-friday.yml';

  it('is not said to be overwritten by --force, which removes it, and stays without its line of the command', async () => {
    writeFileSync(join(folder, COPY), read(PROMOTE).replace('name: Promote', 'name: Friday'));
    expect(await run()).toBe(1);
    expect(complaints.at(-1)).toBe(
      `${COPY}:1: no formation needs the file any more, and it was changed by hand outside of its logins; remove it, which --force does, or the line "slipway:workflow" to keep it as yours`,
    );
    edit(COPY, '# slipway:workflow', '#');
    expect([await run('--force'), existsSync(join(folder, COPY))]).toEqual([0, true]);
  });
});

describe('a file of an application that the repository no longer has', () => {
  const AT = 'services/shop';
  const OURS = ['--application', `${AT}/slipway.yaml`];
  const OLD = '.github/workflows/shop-release.yml';

  beforeEach(async () => {
    rmSync(folder, { recursive: true });
    cpSync(EXAMPLE, join(folder, AT), { recursive: true });
    rmSync(join(folder, AT, '.github'), { recursive: true });
    expect(await run(...OURS)).toBe(0);
  });

  it('is reported after it was renamed, and removed with --force only', async () => {
    edit(`${AT}/slipway.yaml`, 'name: shop', 'name: store');
    expect(await run(...OURS, '--check')).toBe(1);
    expect(complaints).toContain(
      `${OLD}:1: the file was written for an application that the repository no longer has under that name, and still runs; remove it, which --force does`,
    );
    expect(await run(...OURS)).toBe(1);
    expect(existsSync(join(folder, OLD))).toBe(true);
    expect(await run(...OURS, '--force')).toBe(0);
    expect(existsSync(join(folder, OLD))).toBe(false);
    expect(await run(...OURS, '--check')).toBe(0);
  });

  it('is told apart where its slipway.yaml is a document with nothing in it', async () => {
    cpSync(join(folder, AT), join(folder, 'services/other'), { recursive: true });
    edit('services/other/slipway.yaml', 'name: shop', 'name: other');
    expect(await run('--application', 'services/other/slipway.yaml')).toBe(0);
    writeFileSync(join(folder, 'services/other/slipway.yaml'), '~\n');
    expect(await run(...OURS, '--check')).toBe(1);
    expect(complaints.join()).toContain('an application that the repository no longer has under that name');
  });

  it.each(['own', 'shared'])('is not one of another application: %s', async form => {
    const flags = form === 'shared' ? ['--shared'] : [];
    expect(await run(...OURS, ...flags)).toBe(0);
    const other = join(folder, 'services/other');
    cpSync(join(folder, AT), other, { recursive: true });
    edit('services/other/slipway.yaml', 'name: shop', 'name: other');
    expect(await run('--application', 'services/other/slipway.yaml', ...flags)).toBe(0);
    expect([await run(...OURS, ...flags, '--check'), complaints]).toEqual([0, []]);
    rmSync(other, { recursive: true });
    expect(await run(...OURS, ...flags, '--check')).toBe(1);
  });
});

describe('a file of another application that the repository has', () => {
  const TAKEN = '.github/workflows/shop-release.yml';

  it.each([[], ['--force']])('is not overwritten where both have one name: %j', async (...flags) => {
    const [one, two] = ['one', 'two'].map(name => {
      cpSync(EXAMPLE, join(folder, name), { recursive: true });
      return ['--application', `${name}/slipway.yaml`];
    }) as [string[], string[]];
    edit('two/formations/production.yaml', '  promoted-from: staging\n', '');
    expect(await run(...one)).toBe(0);
    const before = workflows();
    expect(await run(...two, ...flags)).toBe(1);
    expect(complaints).toContain(
      `${TAKEN}: the file is a workflow of the application of one/slipway.yaml, which would lose it; give one of the two applications another "metadata.name"`,
    );
    expect(workflows()).toEqual(before);
    expect(await run(...two, '--check')).toBe(1);
    expect(await run(...one, '--check')).toBe(0);
  });

  it('is not overwritten where a formation of the one is called as a file of the other', async () => {
    for (const name of ['release', 'other']) {
      cpSync(join(folder, 'formations/production.yaml'), join(folder, `formations/${name}.yaml`));
      edit(`formations/${name}.yaml`, 'name: production', `name: ${name}`);
    }
    cpSync(EXAMPLE, join(folder, 'sub'), { recursive: true });
    edit('sub/slipway.yaml', 'name: shop', 'name: promote');
    expect(await run('--force')).toBe(0);
    expect(await run('--application', 'sub/slipway.yaml')).toBe(1);
    expect(complaints.at(-1)).toContain(
      'promote-release.yml: the file is a workflow of the application of slipway.yaml',
    );
    expect(await run('--check')).toBe(0);
  });
});

describe('what cannot be written', () => {
  it.each([[], ['--force']])(
    'is a folder out of the repository that a link leads to: %j',
    async (...flags) => {
      const outside = mkdtempSync(join(tmpdir(), 'slipway-outside-'));
      rmSync(join(folder, '.github'), { recursive: true });
      symlinkSync(outside, join(folder, '.github'));
      expect(await run(...flags)).toBe(2);
      expect(complaints).toEqual([
        'error: the output ".github/workflows" is outside the workspace; replace the link that leads out of it with a folder (output-outside)',
      ]);
      expect(readdirSync(outside)).toEqual([]);
      rmSync(outside, { recursive: true });
    },
  );

  it('is one sentence with its position', async () => {
    edit('formations/production.yaml', 'promoted-from: staging', 'promoted-from: stagin');
    expect(await run()).toBe(2);
    expect(complaints).toEqual([
      'error: formations/production.yaml:5:18: the formation "production" is promoted from "stagin", which does not exist; did you mean "staging"? (workflow-promotion-unknown)',
    ]);
  });

  it('is named for all files at once, each with its line', async () => {
    edit(RELEASE, '      # slipway:login end\n', '');
    edit(PROMOTE, '      # slipway:login begin prepare\n', '');
    rmSync(join(folder, '.github/workflows/status.yml'));
    mkdirSync(join(folder, '.github/workflows/status.yml'));
    expect(await run()).toBe(2);
    expect(complaints.map(line => line.replace(/, so .*/, ''))).toEqual([
      `error: ${RELEASE}:22:1: the login of "release" has no end`,
      `error: ${PROMOTE}:25:1: the end of a login has no beginning`,
      'error: ".github/workflows/status.yml" is not a regular file; replace it with one (file-unreadable)',
    ]);
  });

  it('is a flag that does not exist', async () => {
    expect(await run('--chekc')).toBe(2);
    expect(complaints.join()).toContain('--chekc');
  });

  it('is a repository without slipway.yaml', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await run('--repository', 'empty')).toBe(2);
    expect(complaints).toHaveLength(1);
  });
});

describe('the keys of SOPS files', () => {
  const ARN = 'arn:aws:kms:eu-central-1:111122223333:alias/sops';
  const secrets = (...files: string[]): void =>
    writeFileSync(
      join(folder, 'config/secrets.yaml'),
      [
        'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  secrets:',
        ...files.map((file, index) => `    "*.*.s${index}": { from: sops, file: ${file}, key: a }`),
        '',
      ].join('\n'),
    );
  const encrypted = (path: string, metadata: object): void =>
    writeFileSync(join(folder, path), JSON.stringify({ a: 'ENC[x]', sops: { mac: 'ENC[x]', ...metadata } }));

  it('become lines of "secrets", and --check notices a file that is encrypted for another key', async () => {
    secrets('kms.json', 'age.json', 'later.json');
    encrypted('kms.json', { kms: [{ arn: ARN, context: { app: 'shop' }, enc: 'x' }] });
    encrypted('age.json', { age: [{ recipient: 'ssh-ed25519 AAAA', enc: 'x' }] });
    expect(await run()).toBe(0);
    expect(read(RELEASE)).toContain(`sops-kms=${ARN} context=app:shop\n`);
    for (const name of ['SOPS_AGE_KEY', 'SOPS_AGE_SSH_PRIVATE_KEY'])
      expect(read(RELEASE)).toContain(`${name}: \${{ secrets.${name} }}`);
    expect(await run('--check')).toBe(0);
    encrypted('kms.json', {
      kms: [{ arn: ARN, role: 'arn:aws:iam::111122223333:role/other', context: { app: 'shop' }, enc: 'x' }],
    });
    expect(await run('--check')).toBe(1);
    expect(complaints.join('')).toMatch(/release\.yml:\d+: the file is out of date/);
  });

  it('are not written for files that cannot be read, and all of these are reported', async () => {
    secrets('plain.json', 'broken.yaml');
    writeFileSync(join(folder, 'plain.json'), '{"a": "hunter2"}');
    writeFileSync(join(folder, 'broken.yaml'), 'a: [');
    expect(await run()).toBe(2);
    expect(complaints.join('')).toMatch(/"plain.json" is not encrypted by SOPS/);
    expect(complaints.join('')).toMatch(/broken\.yaml/);
    expect(complaints.join('')).not.toContain('hunter2');
  });
});
