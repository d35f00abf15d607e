import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import { textOf } from '../../facts/searching.ts';
import { isPrivate } from '../../secrets/private-files.ts';
import type { Manifest } from './manifest.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'yarn-berry';

/** How one package manager installs in an image. */
export interface Manager {
  readonly name: ManagerName;
  readonly lock?: string;
  /** What gets the manager itself, if the image of Node does not have it. */
  readonly setUp?: Known<string>;
  /** Files beside package.json that the installation reads, without those that have a secret: a layer would keep it. */
  readonly files: readonly string[];
  readonly cache: string;
  readonly install: Known<string>;
  /** The same without what only development needs. */
  readonly installForRunning: Known<string>;
  /** Removes what only development needs. */
  readonly prune: string;
  /** Runs a script of package.json. */
  run(script: string, workspace?: string): string;
}

const WITHOUT_LOCK = 'without a lock file the versions are those of the day of the build';

/** By its lock file, else by `packageManager`, else npm. */
export async function managerOf(files: RepositoryFiles, manifest: Manifest): Promise<Manager> {
  const [chosen] = manifest.packageManager?.split('@') ?? [];
  if (files.has('pnpm-lock.yaml') || chosen === 'pnpm') return await pnpm(files, manifest);
  if (chosen !== 'npm' && (chosen === 'yarn' || (files.has('yarn.lock') && npmLock(files) === undefined)))
    return await yarn(files, manifest);
  return await npm(files);
}

function npmLock(files: RepositoryFiles): string | undefined {
  return ['package-lock.json', 'npm-shrinkwrap.json'].find(files.has);
}

async function npm(files: RepositoryFiles): Promise<Manager> {
  const lock = npmLock(files);
  const install = (flags: string): Known<string> =>
    lock === undefined ? guessed(`npm install${flags}`, WITHOUT_LOCK) : known(`npm ci${flags}`);
  return {
    name: 'npm',
    ...(lock !== undefined && { lock }),
    files: await copied(files, [...(lock === undefined ? [] : [lock]), '.npmrc']),
    cache: '/root/.npm',
    install: install(''),
    installForRunning: install(' --omit=dev'),
    prune: 'npm prune --omit=dev',
    run: (script, workspace) =>
      `npm run ${script}${workspace === undefined ? '' : ` --workspace ${workspace}`}`,
  };
}

async function pnpm(files: RepositoryFiles, manifest: Manifest): Promise<Manager> {
  const lock = files.has('pnpm-lock.yaml') ? 'pnpm-lock.yaml' : undefined;
  const install = (flags: string): Known<string> =>
    lock === undefined
      ? guessed(`pnpm install${flags}`, WITHOUT_LOCK)
      : known(`pnpm install --frozen-lockfile${flags}`);
  return {
    name: 'pnpm',
    ...(lock !== undefined && { lock }),
    setUp: pnpmVersion(manifest, await textOf(files, 'pnpm-lock.yaml')),
    files: await copied(files, ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs']),
    cache: '/root/.local/share/pnpm/store',
    install: install(''),
    installForRunning: install(' --prod'),
    prune: 'CI=true pnpm prune --prod --ignore-scripts',
    run: (script, workspace) =>
      `pnpm ${workspace === undefined ? '' : `--filter ${workspace} `}run ${script}`,
  };
}

/** The lock file's format says what can read it: https://github.com/pnpm/spec/tree/master/lockfile */
function pnpmVersion({ packageManager }: Manifest, lock: string): Known<string> {
  if (packageManager?.startsWith('pnpm@')) return known(`npm install --global ${packageManager}`);
  const [, format] = /^lockfileVersion: '?(\d+)/m.exec(lock) ?? [];
  const major = format === '5' ? '7' : format === '6' ? '8' : '10';
  return guessed(
    `npm install --global pnpm@${major}`,
    'package.json has no packageManager, and this pnpm reads the lock file',
  );
}

async function yarn(files: RepositoryFiles, manifest: Manifest): Promise<Manager> {
  const lock = await textOf(files, 'yarn.lock');
  const isBerry = /^__metadata:/m.test(lock) || /^yarn@[2-9]/.test(manifest.packageManager ?? '');
  const own = lock === '' ? {} : { lock: 'yarn.lock' };
  const locked = (frozen: string, flags = ''): Known<string> =>
    lock === '' ? guessed(`yarn install${flags}`, WITHOUT_LOCK) : known(`yarn install ${frozen}${flags}`);
  const run = (script: string, workspace?: string): string =>
    `yarn ${workspace === undefined ? '' : `workspace ${workspace} `}run ${script}`;
  if (isBerry)
    return {
      name: 'yarn-berry',
      ...own,
      setUp: known('npm install --global --force corepack && corepack enable'),
      files: await copied(files, ['yarn.lock', '.yarnrc.yml']),
      cache: '/root/.yarn/berry/cache',
      install: locked('--immutable'),
      installForRunning: locked('--immutable'),
      prune: 'yarn workspaces focus --all --production',
      run,
    };
  return {
    name: 'yarn',
    ...own,
    setUp: known(`npm install --global --force ${manifest.packageManager ?? 'yarn@1.22.22'}`),
    files: await copied(files, ['yarn.lock', '.yarnrc', '.npmrc']),
    cache: '/usr/local/share/.cache/yarn',
    install: locked('--frozen-lockfile'),
    installForRunning: locked('--frozen-lockfile', ' --production'),
    prune: 'yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline',
    run,
  };
}

async function copied(files: RepositoryFiles, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.filter(files.has).map(async path => ((await isPrivate(files, path)) ? [] : [path])),
  );
  return found.flat();
}
