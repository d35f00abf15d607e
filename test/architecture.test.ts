import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SLIPWAY_VERSION } from '@slipway/core';
import {
  filesOf,
  findCycle,
  folderEdges,
  type Import,
  loadedFiles,
  ROOT,
  readSources,
  type Source,
  sourcesOf,
} from './support/sources.ts';
import { readFolderTable, readWorkspaces, type Workspace } from './support/workspaces.ts';

const sources = readSources();
const all = [...sources, ...sourcesOf('testbed'), ...sourcesOf('testkit')];
const workspaces = readWorkspaces();

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

  const table = readFolderTable();
  const allowed = new Map(table.map(({ folder, mayImport }) => [folder, mayImport]));

  it('are listed in CONTRIBUTING for every package', () => {
    const isListed = ({ folder }: Workspace): boolean =>
      allowed.has(folder) || (folder.startsWith('actions/') && allowed.has('actions/<name>'));
    expect(workspaces.filter(workspace => !isListed(workspace))).toEqual([]);
    const folders = workspaces.map(({ folder }) => folder);
    const rows = table.map(({ folder }) => folder).filter(folder => folder.startsWith('packages/'));
    expect(rows.filter(folder => !folders.includes(folder))).toEqual([]);
  });

  it.each(workspaces.map(({ folder }) => folder))('are those that CONTRIBUTING allows: %s', folder => {
    const words = allowed.get(folder) ?? allowed.get('actions/<name>') ?? [];
    const isAllowed = (from: string): boolean => {
      const [parent = '', name = ''] = folderOf(from).split('/');
      return words.includes(name) || words.includes(parent);
    };
    const own = all.filter(({ owner }) => owner === folder);
    expect(own.length).toBeGreaterThan(0);
    expect(offenders(own, from => from.startsWith('@slipway/') && !isAllowed(from))).toEqual([]);
  });

  it('of another package need an entry in package.json and tsconfig.json, and each entry an import', () => {
    const wrong = workspaces.flatMap(({ folder, dependencies, tools, references }) => {
      const own = all.filter(({ owner }) => owner === folder);
      const used = new Set(own.flatMap(({ imports }) => imports.flatMap(neededPackage)));
      const ours = [...used].filter(name => name.startsWith('@slipway/')).map(folderOf);
      return [
        ...difference(used, [...dependencies, ...tools]).map(name => `${folder}: package.json lacks ${name}`),
        ...difference(dependencies, used).map(name => `${folder}: package.json has an unused ${name}`),
        ...difference(ours, references ?? ours).map(name => `${folder}: tsconfig.json lacks ${name}`),
        ...difference(references ?? [], ours).map(name => `${folder}: tsconfig.json has an unused ${name}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('of tests, tools and benchmarks are asked for too, by their package or the repository', () => {
    const repository = workspaces.find(({ folder }) => folder === 'testkit')?.tools ?? [];
    const declared = new Map(
      workspaces.map(({ folder, dependencies, tools }) => [folder, [...dependencies, ...tools]]),
    );
    const lacks = ({ owner, path, imports }: Source): string[] =>
      difference(imports.flatMap(neededPackage), [...repository, ...(declared.get(owner) ?? [])])
        .filter(name => !name.startsWith('@slipway/'))
        .map(name => `${path} imports ${name}, which a package brings only by chance`);
    const folders = [...declared.keys(), 'test', 'tools', 'bench', 'demo', 'probe'];
    expect(folders.flatMap(folder => filesOf(folder)).flatMap(lacks)).toEqual([]);
  });

  it("reach GitHub's toolkit from the github package only", () => {
    const others = all.filter(({ owner }) => owner !== 'packages/github');
    expect(offenders(others, from => from.startsWith('@actions/'))).toEqual([]);
  });

  it('name another package, never a file of its insides', () => {
    expect(offenders(sources, from => /^@slipway\/[^/]+\//.test(from))).toEqual([]);
    const outside = sources.filter(source =>
      loadedFiles(source).some(file => !file.startsWith(`${source.owner}/src/`)),
    );
    expect(outside.map(({ path }) => path)).toEqual([]);
  });

  it('of tests name another package too, or what the testkit shares, never a file of its insides', () => {
    const folders = workspaces.map(({ folder }) => folder);
    const leaves = ({ owner, path, imports }: Source): string[] =>
      imports
        .filter(({ from }) => from.startsWith('.') && !join(dirname(path), from).startsWith(`${owner}/`))
        .map(({ from }) => `${path} imports ${from}`);
    const tests = [...folders, 'tools']
      .flatMap(folder => filesOf(folder))
      .filter(({ path }) => /\/(?:test|tools)\//.test(path));
    expect(tests.length).toBeGreaterThan(300);
    expect(tests.flatMap(leaves)).toEqual([]);
  });

  it('of benchmarks and tools never lead to Jest, which only the programs that it starts can load', () => {
    const usesJest = ({ imports }: Source): boolean => imports.some(({ from }) => from === '@jest/globals');
    const forTests = sourcesOf('testkit')
      .filter(usesJest)
      .map(({ path }) => path.replace(/^testkit\/src\/([^/]+)\/.*$/, '@slipway/testkit/$1'));
    expect(forTests).toContain('@slipway/testkit/clients');
    const tools = workspaces.flatMap(({ folder }) =>
      filesOf(folder).filter(({ path }) => path.startsWith(`${folder}/tools/`)),
    );
    expect(tools.length).toBeGreaterThan(3);
    const breaks = (from: string): boolean =>
      ['@jest/globals', '@slipway/testbed/jest', ...forTests].includes(from);
    expect(offenders([...filesOf('bench'), ...tools], breaks)).toEqual([]);
  });

  it('have no cycle between packages', () => {
    const edges = workspaces.map(({ folder, dependencies }) => {
      const ours = dependencies.filter(name => name.startsWith('@slipway/'));
      return [folder, ours.map(folderOf)] as const;
    });
    expect(findCycle(new Map(edges))).toEqual([]);
  });

  it('have no cycle between the folders of a package, at any depth', () => {
    for (const [folder, edges] of folderEdges(all))
      expect({ folder, cycle: findCycle(edges) }).toEqual({ folder, cycle: [] });
  });

  it('have no cycle between files', () => {
    expect(findCycle(new Map(sources.map(source => [source.path, loadedFiles(source)])))).toEqual([]);
  });

  it('of programs do not reach Jest, which nothing can load outside of a test', () => {
    const programs = ['bench', 'demo', 'probe', 'tools'].flatMap(folder => filesOf(folder));
    const shared = ['testbed', 'testkit'].flatMap(owner => sourcesOf(owner));
    const byPath = new Map([...programs, ...shared].map(source => [source.path, source]));
    const reached = new Set(programs.map(({ path }) => path).filter(path => !path.includes('/test/')));
    expect(reached.size).toBeGreaterThan(50);
    for (const path of reached) {
      const source = byPath.get(path);
      const eager = source?.imports.filter(({ typeOnly, lazy }) => !typeOnly && !lazy) ?? [];
      const next = source === undefined ? [] : [...loadedFiles(source), ...eager.flatMap(entryFile)];
      for (const file of next) reached.add(file);
    }
    const chosen = [...byPath.values()].filter(({ path }) => reached.has(path));
    expect(offenders(chosen, from => from === '@jest/globals')).toEqual([]);
  });

  it('load what few runs need only when it is reached', () => {
    const late = ['openid-client', 'socks-proxy-agent', './check-objects.ts'];
    const eager = sources.filter(({ imports }) =>
      imports.some(({ from, typeOnly, lazy }) => late.includes(from) && !typeOnly && !lazy),
    );
    expect(eager.map(({ path }) => path)).toEqual([]);
    const early = sources.filter(({ imports }) =>
      imports.some(({ from, typeOnly, lazy }) => from === '@slipway/cluster' && !typeOnly && !lazy),
    );
    expect(early.map(({ path }) => path)).toEqual([]);
  });

  it('load CEL only when something is written in it: in policy, and in rollout late', () => {
    const eager = sources.filter(({ imports }) =>
      imports.some(({ from, typeOnly, lazy }) => from === '@slipway/cel' && !typeOnly && !lazy),
    );
    expect(eager.map(({ owner }) => owner).filter(owner => owner !== 'packages/policy')).toEqual([]);
  });
});

/** The package that an import needs to be there: none for a file and for a module of Node. */
function neededPackage({ from }: Import): string[] {
  if (from.startsWith('.') || isBuiltin(from)) return [];
  const [scope = '', name = ''] = from.split('/');
  return [scope.startsWith('@') ? `${scope}/${name}` : scope];
}

function folderOf(name: string): string {
  return workspaces.find(workspace => workspace.name === name)?.folder ?? name;
}

function difference(some: Iterable<string>, others: Iterable<string>): string[] {
  const known = new Set(others);
  return [...some].filter(name => !known.has(name));
}

describe('packages', () => {
  it('all have the version that Slipway says it has', () => {
    const versions = workspaces.map(({ name, version }) => ({ name, version }));
    expect(versions).toEqual(workspaces.map(({ name }) => ({ name, version: SLIPWAY_VERSION })));
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

  it('start processes in one file only, for the actions and for the program', () => {
    const starts = (from: string): boolean => /^(?:node:)?child_process$|^@actions\/exec$/.test(from);
    expect(offenders(sources, starts).sort()).toEqual([
      'packages/cli/src/machine/execute.ts imports node:child_process',
      'packages/github/src/exec.ts imports @actions/exec',
    ]);
  });

  it('start Git in one file only, which names the repository', () => {
    const callers = sources.filter(({ text }) => /['"`]git['"`]/.test(text)).map(({ path }) => path);
    expect(callers).toEqual(['packages/git/src/git.ts']);
  });

  // `sparkoperator.k8s.io` and many others belong to projects of their own; `isBuiltInGroup` has the list.
  it("never take the suffix .k8s.io for the sign of Kubernetes' own", () => {
    const suffix = /['"`/](?:\^?\.\*)?\\*\.k8s\\*\.io(?:\$|\\b)?['"`/]/;
    const tests = ["group.endsWith('.k8s.io')", String.raw`/\.k8s\.io$/.test(group)`];
    expect(tests.filter(text => !suffix.test(text))).toEqual([]);
    const isCode = (line: string): boolean => !/^\s*(?:\/?\*|\/\/)/.test(line);
    const users = all.filter(({ text }) => text.split('\n').some(line => isCode(line) && suffix.test(line)));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it('stay below 400 lines each', () => {
    const long = sources.filter(
      ({ path, text }) => !path.includes('/generated/') && text.split('\n').length > 400,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  // Biome's useNamingConvention cannot tell a constant from a function or a schema.
  it('write constants in capitals: texts, numbers, patterns, lists, sets and maps of a module', () => {
    const literal =
      /^(?:export )?const ([a-z]\w*)(?:: [^=\n]+)? = (?:['"/[]|`[^`$]*`;|-?\d|new (?:Set|Map)\b)/gm;
    const written = all.filter(({ path }) => !path.includes('/generated/'));
    const wrong = written.flatMap(({ path, text }) =>
      [...text.matchAll(literal)].map(([, name]) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** The file behind `@slipway/testkit/git`. */
function entryFile({ from }: Import): string[] {
  const [, owner = '', entry = ''] = /^@slipway\/(testbed|testkit)(\/.*)?$/.exec(from) ?? [];
  if (owner === '') return [];
  const { exports } = JSON.parse(readFileSync(join(ROOT, owner, 'package.json'), 'utf8'));
  return [join(owner, exports[`.${entry}`])];
}
