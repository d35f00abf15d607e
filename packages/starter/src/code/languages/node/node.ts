import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import type { Language } from '../../facts/language.ts';
import type { Program, ProgramFacts } from '../../facts/program-facts.ts';
import { textOf } from '../../facts/searching.ts';
import { STATIC_SERVER } from '../static-server.ts';
import { type Framework, frameworkOf, unknownSite } from './frameworks.ts';
import { listeningPort } from './listening.ts';
import { managerOf } from './managers.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { NodeProgram } from './node-program.ts';
import { type Start, startOf } from './start.ts';
import { writeServer, writeSite } from './write.ts';

const CURRENT = '24';

export const NODE: Language = {
  markers: /^package\.json$/,
  knownBy: 'a script start, a framework, or a script build whose pages are served',
  isLibrary,
  recognise: files => recogniseNode(files),
};

/**
 * @param workspace the folder of the program, where the context is that of several
 * @param manifests every package.json that the installation reads
 */
export async function recogniseNode(
  files: RepositoryFiles,
  workspace?: string,
  manifests: readonly string[] = ['package.json'],
): Promise<Program | undefined> {
  const root = await readManifest(files);
  const manifest = workspace === undefined ? root : await readManifest(files, `${workspace}/package.json`);
  if (root === undefined || manifest === undefined) return undefined;
  const manager = await managerOf(files, root);
  const framework = frameworkOf({ ...manifest.developed, ...manifest.dependencies });
  const common = {
    manifest,
    manager,
    manifests,
    ...(framework && { framework }),
    ...(workspace !== undefined && { workspace }),
  };
  const runtime = await version(files, manifest.node ?? root.node);
  if (framework?.site !== undefined) return site(common, runtime);
  const program = await server(files, common, runtime);
  const unknown = workspace === undefined && framework === undefined ? unknownSite(manifest) : undefined;
  return program ?? (unknown && site({ ...common, framework: unknown }, runtime));
}

/** What others import, or only the tools of a repository. */
async function isLibrary(files: RepositoryFiles): Promise<boolean> {
  const manifest = await readManifest(files);
  if (manifest === undefined) return false;
  const { dependencies, developed } = manifest;
  if (frameworkOf({ ...developed, ...dependencies }) !== undefined) return false;
  return manifest.isLibrary || Object.keys(dependencies).length === 0;
}

type Common = Omit<NodeProgram, 'facts'>;

function site(common: Common, runtime: Known<string>): Program {
  const build =
    common.manifest.scripts['build'] === undefined
      ? []
      : [known(common.manager.run('build', common.workspace))];
  const facts = { ...shared(common, runtime), build, port: known(8080), health: known('/') };
  return {
    ...STATIC_SERVER,
    facts,
    dockerfile: writeSite({ ...common, facts }),
    ignored: ['**/node_modules'],
  };
}

async function server(
  files: RepositoryFiles,
  common: Common,
  runtime: Known<string>,
): Promise<Program | undefined> {
  const { manifest, manager, framework, workspace } = common;
  const start = startOf(files, common);
  if (start === undefined) return undefined;
  const port = await listeningPort(files, start, framework, workspace);
  const build = buildScripts(manifest, start).map(script => built(manager.run(script, workspace), framework));
  const facts = { ...shared(common, runtime), build, start: start.command, ...(port && { port }) };
  const writes = (framework?.writes ?? []).map(
    folder => `/app/${workspace === undefined ? '' : `${workspace}/`}${folder}`,
  );
  return {
    facts,
    dockerfile: writeServer({ ...common, facts }),
    user: 1000,
    writes: ['/tmp', ...writes],
    ignored: ['**/node_modules', ...(framework?.name === 'Next.js' ? ['**/.next'] : [])],
    secrets: [],
    memory: [128, 384],
  };
}

function built(command: string, framework: Framework | undefined): Known<string> {
  const { building } = framework ?? {};
  return building === undefined
    ? known(command)
    : guessed(`${building.variables} ${command}`, building.guess);
}

/** The start's own first steps, else `build`. */
function buildScripts({ scripts }: Manifest, start: Start): readonly string[] {
  if (start.scripts.length > 0) return start.scripts;
  return scripts['build'] === undefined ? [] : ['build'];
}

function shared(
  { manifest, manager, framework }: Common,
  runtime: Known<string>,
): Omit<ProgramFacts, 'build'> {
  return {
    language: 'node',
    ...(framework && framework.name !== '' && { framework: framework.name }),
    manager: manager.name,
    ...(manager.lock !== undefined && { lock: manager.lock }),
    runtime,
    dependencies: Object.keys(manifest.dependencies),
  };
}

/** .nvmrc or .node-version, else the engines of package.json, else the current long-term version. */
async function version(files: RepositoryFiles, engines: string | undefined): Promise<Known<string>> {
  const chosen = (await textOf(files, '.nvmrc')) || (await textOf(files, '.node-version'));
  const [, exact] = /^v?(\d+(?:\.\d+)*)\s*$/.exec(chosen) ?? [];
  if (exact !== undefined) return known(exact);
  const [, fixed] = /^\s*[\^~]?v?(\d+)(?:\.(?:\d+|x|\*))*\s*$/.exec(engines ?? '') ?? [];
  if (fixed !== undefined) return known(fixed);
  const [, lowest] = />=\s*(\d+)/.exec(engines ?? '') ?? [];
  const suits = lowest === undefined || Number(lowest) <= Number(CURRENT);
  return suits
    ? guessed(
        CURRENT,
        lowest === undefined
          ? 'nothing chooses a version of Node'
          : `package.json allows every Node from ${lowest}`,
      )
    : known(lowest);
}
