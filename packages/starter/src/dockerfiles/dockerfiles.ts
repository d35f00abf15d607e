import { posix } from 'node:path';
import { parseDockerfileSources } from '@slipway/build';
import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, isSample, lastOf, nameFrom } from '../names/names.ts';
import { NOTHING, type ProposedService, type Remark } from '../proposal/contribution.ts';
import type { Facts, Part } from '../proposal/facts.ts';
import { copiedPaths } from './copied-paths.ts';

/** A service for each Dockerfile of a repository. */
export const DOCKERFILES: Part = async (facts, soFar) => {
  const paths = dockerfilesIn(facts.files).filter(path => !soFar.services.some(one => isBuiltBy(one, path)));
  const found = await Promise.all(paths.map(path => serviceOf(path, facts, paths)));
  const services = soFar.formations.length > 0 ? found : found.map(named);
  const remarks = await Promise.all(paths.map(path => remarksOn(path, facts.files)));
  return { ...NOTHING, services, remarks: [...remarks.flat(), ...suffixed(facts.files).map(notBuilt)] };
};

/** Without manifests it has a Service of the cluster by its name, which has to begin with a letter. */
function named(service: ProposedService): ProposedService {
  return /^[a-z]/.test(service.name) ? service : { ...service, name: `app-${service.name}` };
}

/** What a compose file builds has its name from there. */
function isBuiltBy({ service: { build } }: ProposedService, path: string): boolean {
  return build !== undefined && posix.join(build.context, build.dockerfile ?? 'Dockerfile') === path;
}

/** Those of developers and of tests have a suffix, and are not built for a release. */
function dockerfilesIn({ paths }: RepositoryFiles): string[] {
  return paths.filter(path => /^(?:Dockerfile|Containerfile)$/.test(lastOf(path)) && !isSample(path));
}

/** Such as `Dockerfile.prod` and `web.Dockerfile`. */
function suffixed({ paths }: RepositoryFiles): string[] {
  const named = /^(?:Docker|Container)file\.(?!(?:.*\.)?dockerignore$)|\.(?:Docker|Container)file$/i;
  return paths.filter(path => named.test(lastOf(path)) && !isSample(path));
}

function notBuilt(path: string): Remark {
  return {
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: 'the Dockerfile is not built, as its name says that it is not the usual one',
    remedy: 'if it is released, write it into slipway.yaml as "dockerfile" of a service',
  };
}

async function serviceOf(path: string, facts: Facts, all: readonly string[]): Promise<ProposedService> {
  const folder = folderOf(path);
  const name = nameOf(path, facts, all);
  const dockerfile = lastOf(path) === 'Dockerfile' ? {} : { dockerfile: lastOf(path) };
  if (!(await needsRoot(path, facts.files)))
    return { name, service: { build: { context: folder === '' ? '.' : folder, ...dockerfile } } };
  return {
    name,
    service: { build: { context: '.', dockerfile: path } },
    guess: `${path.replaceAll(/[^\x20-\x7e]/g, '?')} copies paths that only the repository's root has`,
  };
}

/** The name of its folder; with those above it where another Dockerfile would have the same. */
function nameOf(path: string, { name }: Facts, all: readonly string[]): string {
  const folder = folderOf(path);
  const short = nameFrom(lastOf(folder)) ?? name;
  const isTaken = all.some(other => other !== path && (nameFrom(lastOf(folderOf(other))) ?? name) === short);
  return isTaken ? (nameFrom(folder) ?? name) : short;
}

/** Whether what it copies is in the root of the repository and not in its own folder. */
async function needsRoot(path: string, files: RepositoryFiles): Promise<boolean> {
  const folder = folderOf(path);
  if (folder === '') return false;
  const text = (await files.readText(path)) ?? '';
  const exists = (wanted: string): boolean =>
    files.has(wanted) || files.paths.some(file => file.startsWith(`${wanted}/`));
  return copiedPaths(text).some(copied => !exists(`${folder}/${copied}`) && exists(copied));
}

async function remarksOn(path: string, files: RepositoryFiles): Promise<Remark[]> {
  const text = await files.readText(path);
  const at = { path, line: 1, column: 1 };
  if (text === undefined)
    return [{ kind: 'unread', at, message: `${quote(path)} is not text`, remedy: 'write it in UTF-8' }];
  const sources = parseDockerfileSources(text, {}, []);
  const refusal =
    'unknown' in sources ? /^BuildKit may refuse(?: line (\d+) of)?.*?: (.*)$/s.exec(sources.unknown) : null;
  if (refusal === null) return [];
  const [, line = '1', why = ''] = refusal;
  return [
    {
      kind: 'unread',
      at: { ...at, line: Number(line) },
      message: `the Dockerfile may not be one that can be built: ${why}`,
      remedy: 'fix it, or the first build fails',
    },
  ];
}
