import { describe, expect, it } from '@jest/globals';
import { findCycle, loadedFiles, readSources, type Source } from './support/sources.ts';

const sources = readSources();

/** Which files have an import that breaks a rule, for a message that names them. */
function offenders(chosen: readonly Source[], breaks: (from: string) => boolean): string[] {
  return chosen.flatMap(({ path, imports }) =>
    imports.filter(({ from }) => breaks(from)).map(({ from }) => `${path} imports ${from}`),
  );
}

const packages = sources.filter(({ owner }) => owner.startsWith('packages/'));

describe('imports', () => {
  it('are found at all, so that the rules below mean something', () => {
    expect(packages.length).toBeGreaterThan(50);
    expect(offenders(packages, from => from === '@slipway/core').length).toBeGreaterThan(20);
  });

  it('never lead from a package to an action', () => {
    expect(offenders(packages, from => /^@slipway\/action-|^\..*\/actions\//.test(from))).toEqual([]);
  });

  it('lead from core to no other package', () => {
    const core = packages.filter(({ owner }) => owner === 'packages/core');
    expect(offenders(core, from => from.startsWith('@slipway/'))).toEqual([]);
  });

  it("reach GitHub's toolkit and the runner only from actions, what actions share, and the github package", () => {
    const others = packages.filter(
      ({ owner }) => owner !== 'packages/github' && owner !== 'packages/action-kit',
    );
    expect(
      offenders(others, from => from.startsWith('@actions/') || from.startsWith('@slipway/github')),
    ).toEqual([]);
  });

  it('name another package, never a file of its insides', () => {
    expect(offenders(sources, from => /^@slipway\/[^/]+\//.test(from))).toEqual([]);
    const outside = sources.filter(source =>
      loadedFiles(source).some(file => !file.startsWith(`${source.owner}/src/`)),
    );
    expect(outside.map(({ path }) => path)).toEqual([]);
  });

  it('have no cycle between packages', () => {
    const edges = new Map<string, string[]>();
    for (const { owner, imports } of sources) {
      const needed = imports
        .filter(({ from }) => from.startsWith('@slipway/'))
        .map(({ from }) => from.replace('@slipway/action-', 'actions/').replace('@slipway/', 'packages/'));
      edges.set(owner, [...(edges.get(owner) ?? []), ...needed]);
    }
    expect(findCycle(edges)).toEqual([]);
  });

  it('have no cycle between files', () => {
    expect(findCycle(new Map(sources.map(source => [source.path, loadedFiles(source)])))).toEqual([]);
  });

  it('load the Kubernetes client only when it is reached', () => {
    const eager = sources.filter(({ imports }) =>
      imports.some(
        ({ from, typeOnly, lazy }) => from.startsWith('@kubernetes/client-node') && !typeOnly && !lazy,
      ),
    );
    // connect.ts and what it loads are behind a lazy import of the package itself.
    expect(eager.map(({ owner }) => owner).filter(owner => owner !== 'packages/cluster')).toEqual([]);
  });

  it('load CEL only when something is written in it: in policy, and in rollout late', () => {
    const eager = sources.filter(({ imports }) =>
      imports.some(({ from, typeOnly, lazy }) => from === '@slipway/cel' && !typeOnly && !lazy),
    );
    expect(eager.map(({ owner }) => owner).filter(owner => owner !== 'packages/policy')).toEqual([]);
  });
});

describe('sources', () => {
  it('read the environment of the process only where an action begins', () => {
    const readers = sources.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
    expect(
      readers.filter(
        path => !path.startsWith('packages/github/') && !/^actions\/[^/]+\/src\/index\.ts$/.test(path),
      ),
    ).toEqual([]);
  });

  it('start processes in one file only', () => {
    expect(offenders(sources, from => /^(?:node:)?child_process$/.test(from))).toEqual([]);
  });

  it('stay below 400 lines each', () => {
    const long = sources.filter(
      ({ path, text }) => !path.includes('/generated/') && text.split('\n').length > 400,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
