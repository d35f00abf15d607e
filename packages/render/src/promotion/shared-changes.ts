import { canonicalJson, type JsonValue, sha256 } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';
import type { Repository } from '../repository/repository.ts';
import { filesAt } from '../sources/exported-files.ts';
import { sourcePaths } from '../sources/source-paths.ts';
import { formatAddress, WILDCARD } from '../values/address.ts';
import { withOtherCheckouts } from './other-checkouts.ts';
import { type PassedConfig, shortId } from './passed-config.ts';
import { openContained, type Promotions, readContent } from './promote.ts';

/** Something that other formations may have in common with one: a file, the address of a value, or a second checkout. */
export interface SharedChange {
  readonly what: string;
  /** What it is in the commit that passed, and in the checkout: a digest, or a commit; undefined where it is not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface SharedChangesQuery {
  readonly passed: PassedConfig;
  readonly formation: string;
  /** Path of slipway.yaml in the workspace. */
  readonly application: string;
  /** What is checked out, and its files. */
  readonly checkout: Repository;
  readonly files: FileSource;
  /** The commits of second checkouts, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
  /** The commit that is checked out; undefined outside of a checkout. */
  readonly head: string | undefined;
}

/**
 * In what of a formation that others may share the checkout differs from the commit that passed: stencils, charts and Kustomize
 * directories, the formations that it extends, values whose address does not name it, and second checkouts.
 * @throws SlipwayError if the commit cannot be read, or is not in the history of the checkout
 */
export async function sharedChanges(
  { passed, formation, application, checkout, files, sharedRevisions, head }: SharedChangesQuery,
  others: Pick<Promotions, 'isContained' | 'openCommit' | 'otherCheckouts'>,
): Promise<readonly SharedChange[]> {
  const name = `the commit ${shortId(passed.revision)} that passed,`;
  const committed = await openContained(passed.revision, name, head, others);
  const joined = withOtherCheckouts(committed, others.otherCheckouts, passed.sharedRevisions);
  const content = await readContent(joined, name, { application }, others);
  const [before, after] = await Promise.all([
    sharedContent(content, joined, formation),
    sharedContent(checkout, files, formation),
  ]);
  return [
    ...differing(before, after),
    ...differing(new Map(Object.entries(passed.sharedRevisions)), new Map(Object.entries(sharedRevisions))),
  ];
}

type Content = ReadonlyMap<string, string>;

function differing(before: Content, after: Content): readonly SharedChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(what => before.get(what) !== after.get(what))
    .sort()
    .map(what => ({ what, before: before.get(what), after: after.get(what) }));
}

/** Each with the digest of its content. */
async function sharedContent(repository: Repository, files: FileSource, formation: string): Promise<Content> {
  const file = repository.formationFiles.get(formation);
  const own = new Map(file === undefined ? [] : [[formation, file]]);
  const sources = await sourcePaths(files, { ...repository, formationFiles: own });
  const paths = [
    ...repository.stencils.map(({ path }) => path),
    ...(file?.bases ?? []).map(({ document }) => document.path),
    ...(await filesAt(files, sources)),
  ];
  const digests = [...new Set(paths)].map(async path => [path, await digestOf(path, files)] as const);
  return new Map([...(await Promise.all(digests)), ...sharedValues(repository, formation)]);
}

/** Git may have written ends of lines of its own. */
async function digestOf(path: string, files: FileSource): Promise<string> {
  const bytes = await files.read(path);
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  return sha256(text.replaceAll('\r\n', '\n'));
}

/** The values that apply to a formation and whose address does not name it: an application's own and those of shared folders. */
function sharedValues(
  { values, formationFiles }: Repository,
  formation: string,
): readonly [string, string][] {
  const bases = (formationFiles.get(formation)?.bases ?? []).map(base => base.formation.metadata.name);
  const applies = [WILDCARD, ...bases];
  const shared = values.entries.filter(({ segments }) => applies.includes(segments[1] ?? ''));
  return [...Map.groupBy(shared, formatAddress)].map(([address, entries]) => {
    const written = entries.map(({ content, spelling }) => [content, spelling ?? null]);
    return [address, sha256(canonicalJson(written as JsonValue))];
  });
}
