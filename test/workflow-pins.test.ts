import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { ROOT } from './support/sources.ts';

interface LockedAction {
  readonly ref: string;
  readonly commit: string;
  readonly owner_id: number;
  readonly repo_id: number;
  readonly uses?: readonly string[];
}

interface Lock {
  readonly version: string;
  readonly workflows: Readonly<Record<string, readonly string[]>>;
  readonly dependencies: Readonly<Record<string, LockedAction>>;
}

interface Use {
  readonly action: string;
  /** What the comment behind it says. */
  readonly version: string;
}

const FOLDER = '.github/workflows';
const lock = load(readFileSync(join(ROOT, FOLDER, 'actions.lock'), 'utf8')) as Lock;

const workflows = readdirSync(join(ROOT, FOLDER))
  .filter(name => name.endsWith('.yml'))
  .map(name => ({ path: `${FOLDER}/${name}`, uses: usesOf(readFileSync(join(ROOT, FOLDER, name), 'utf8')) }));

/** Uses of actions in other repositories; `./` is the checkout itself. */
function usesOf(text: string): Use[] {
  return [...text.matchAll(/^[ -]*uses: *(\S+)(?: +# *(\S+))?$/gm)]
    .map(([, action = '', version = '']) => ({ action, version }))
    .filter(({ action }) => !action.startsWith('./'));
}

/** By `$/`, at the commit of the workflow itself. */
const isOurs = ({ action }: Use): boolean => action.startsWith('$/');

describe('the workflows', () => {
  it('use actions of others by a full commit, with the version behind it', () => {
    const foreign = workflows.flatMap(({ uses }) => uses.filter(use => !isOurs(use)));
    expect(foreign.length).toBeGreaterThan(10);
    const loose = foreign.filter(
      ({ action, version }) => !/@[0-9a-f]{40}$/.test(action) || !/^v\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('use our own actions at their own commit, and never at a tag that moves', () => {
    const all = workflows.flatMap(({ uses }) => uses.map(({ action }) => action));
    expect(all.filter(action => action.startsWith('slipway-dev/'))).toEqual([]);
    expect(all.filter(action => action.startsWith('$/')).length).toBeGreaterThan(5);
  });

  it('are in the lockfile with all that they use, unless they use our own actions', () => {
    const lockable = workflows.filter(({ uses }) => uses.length > 0 && !uses.some(isOurs));
    const used = lockable.map(({ path, uses }) => [
      path,
      [...new Set(uses.map(({ action }) => action))].sort(),
    ]);
    expect(lock.workflows).toEqual(Object.fromEntries(used));
  });

  it('name the versions that the lockfile names', () => {
    const versions = new Map(Object.entries(lock.dependencies).map(([action, { ref }]) => [action, ref]));
    const different = workflows
      .filter(({ path }) => Object.hasOwn(lock.workflows, path))
      .flatMap(({ uses }) => uses.filter(({ action, version }) => versions.get(action) !== version));
    expect(different).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('locks each action to the commit of its key, by the numbers of its owner and repository', () => {
    expect(lock.version).toBe('v0.0.2');
    for (const [action, locked] of Object.entries(lock.dependencies)) {
      expect(locked.commit).toBe(`sha1-${action.replace(/^.*@/, '')}`);
      expect([Number.isInteger(locked.owner_id), Number.isInteger(locked.repo_id)]).toEqual([true, true]);
    }
  });

  it('has what the actions themselves use, and no action that nothing uses', () => {
    const used = [
      ...Object.values(lock.workflows).flat(),
      ...Object.values(lock.dependencies).flatMap(({ uses = [] }) => uses),
    ];
    expect(Object.keys(lock.dependencies).sort()).toEqual([...new Set(used)].sort());
  });
});
