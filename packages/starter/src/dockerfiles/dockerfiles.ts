import { parseDockerfileSources } from '@slipway/build';
import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, isSample, lastOf, nameFrom } from '../names/names.ts';
import { NOTHING, type ProposedService, type Remark } from '../proposal/contribution.ts';
import type { Facts, Part } from '../proposal/facts.ts';
import { copiedPaths } from './copied-paths.ts';

/** A service for each Dockerfile of a repository. */
export const DOCKERFILES: Part = async facts => {
  const paths = dockerfilesIn(facts.files);
  const services = await Promise.all(paths.map(path => serviceOf(path, facts, paths)));
  const remarks = await Promise.all(paths.map(path => remarksOn(path, facts.files)));
  return { ...NOTHING, services, remarks: remarks.flat() };
};

/** Those of developers and of tests have a suffix, and are not built for a release. */
function dockerfilesIn({ paths }: RepositoryFiles): string[] {
  return paths.filter(path => /^(?:Dockerfile|Containerfile)$/.test(lastOf(path)) && !isSample(path));
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
