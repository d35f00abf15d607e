import {
  formatProblem,
  inParallel,
  type Logger,
  type Problem,
  quote,
  SlipwayError,
  throwIfAny,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import { formatReference, type Repository } from '../reference.ts';
import { findDigest, type Manifest, putManifest } from './manifests.ts';
import { tagImmutable } from './refused-manifest.ts';

/** Requests to one registry at the same time. */
const PARALLEL_REQUESTS = 6;

/** A tag that is to be written, and what it names so far. */
export interface TagPlan {
  readonly target: Repository;
  readonly tag: string;
  /** The digest that the tag names already, if it exists. */
  readonly existing: string | undefined;
}

/** Looks up a tag in several repositories. It is also the proof that the registry answers and knows the login. */
export async function planTags(
  client: RegistryClient,
  targets: readonly Repository[],
  tag: string,
): Promise<TagPlan[]> {
  return await inParallel(
    targets,
    async target => ({
      target,
      tag,
      existing: await findDigest(client, { ...target, tag }, 'pull,push'),
    }),
    PARALLEL_REQUESTS,
  );
}

export interface TagWrite extends TagPlan {
  /** What the tag is to name; present in the repository by digest. */
  readonly manifest: Manifest;
}

/** What to do about a tag that already names something else. */
export type OnExistingTag = 'error' | 'overwrite';

/**
 * Writes tags, all of them or, as far as a registry allows it, none: every conflict is found before the first write. Tags that are
 * right already are left alone. Registries know no conditional write, so a foreign write between the look and ours is
 * found by looking again, and reported, but not prevented.
 * @throws SlipwayError `tag-exists` with every conflict, before anything is written; `tags-incomplete` when writing stopped
 */
export async function writeTags(
  client: RegistryClient,
  writes: readonly TagWrite[],
  onExistingTag: OnExistingTag,
): Promise<void> {
  const missing = writes.filter(write => write.existing !== write.manifest.digest);
  if (onExistingTag === 'error') refuseConflicts(missing);
  const failures: TagFailure[] = [];
  const written: TagWrite[] = [];
  await inParallel(
    missing,
    async write => {
      if (failures.length > 0) return;
      try {
        await writeTag(client, write);
        written.push(write);
      } catch (error) {
        failures.push({ write, error });
      }
    },
    PARALLEL_REQUESTS,
  );
  if (failures.length === 0) return;
  const have = writes.filter(write => !missing.includes(write) || written.includes(write));
  throw incomplete({ all: writes, have, failures }, client.logger);
}

/** A tag that was not written, or may not have been. */
interface TagFailure {
  readonly write: TagWrite;
  readonly error: unknown;
}

/** Answers after which a tag certainly was not written; after a cut connection it may have been. */
const CERTAIN = new Set([
  'registry-denied',
  'registry-unauthorized',
  'repository-missing',
  'manifest-refused',
  'tag-immutable',
  'tag-exists',
]);

function isCertain({ error }: TagFailure): boolean {
  return error instanceof SlipwayError && CERTAIN.has(error.code);
}

const IMMUTABLE_REMEDY =
  "choose another deployment-tag, or exempt this one from the registry's rule for immutable tags";

async function writeTag(
  client: RegistryClient,
  { target, tag, existing, manifest }: TagWrite,
): Promise<void> {
  await putManifest(client, target, manifest, tag).catch(error => {
    throw existing === undefined ? error : tagImmutable({ ...target, tag }, error, IMMUTABLE_REMEDY);
  });
  const digest = await findDigest(client, { ...target, tag }, 'pull,push');
  if (digest !== manifest.digest) throw conflict({ target, tag, existing: digest, manifest });
}

function refuseConflicts(writes: readonly TagWrite[]): void {
  throwIfAny(writes.filter(({ existing }) => existing !== undefined).map(conflictProblem));
}

function conflictProblem({ target, tag, existing }: TagWrite): Problem<RegistryErrorCode> {
  return {
    code: 'tag-exists',
    message: `${quote(formatReference({ ...target, tag }))} already names another image (${existing ?? 'none'})`,
    remedy: 'choose another deployment-tag, or set on-existing-tag to overwrite',
  };
}

function conflict(write: TagWrite): SlipwayError<RegistryErrorCode> {
  return new SlipwayError(conflictProblem(write));
}

interface HalfWritten {
  readonly all: readonly TagWrite[];
  readonly have: readonly TagWrite[];
  readonly failures: readonly TagFailure[];
}

/** A single tag that could not be written is its own error: nothing is half done then. */
function incomplete({ all, have, failures }: HalfWritten, logger: Logger): unknown {
  const cause = failures[0]?.error;
  const doubtful = failures.filter(failure => !isCertain(failure)).map(({ write }) => write);
  if (all.length === 1 || (have.length === 0 && doubtful.length === 0)) return cause;
  const lack = all.filter(write => !have.includes(write) && !doubtful.includes(write));
  const parts = [
    have.length === 0 ? '' : `in ${names(have)}`,
    doubtful.length === 0 ? '' : `perhaps in ${names(doubtful)}`,
    lack.length === 0 ? '' : `but not in ${names(lack)}`,
  ];
  const problem: Problem<RegistryErrorCode> = {
    code: 'tags-incomplete',
    message: `the tag ${quote(all[0]?.tag ?? '')} exists ${parts.filter(part => part !== '').join(', ')}`,
    remedy: 'run the step again with the same deployment-tag: no snapshot was written, so no release uses it',
  };
  if (!(cause instanceof SlipwayError)) {
    // A run that was cancelled ends with that as its reason: then this would be lost.
    logger.warning(formatProblem(problem));
    return cause;
  }
  return new SlipwayError([problem, ...(cause.problems as readonly Problem<RegistryErrorCode>[])], { cause });
}

function names(writes: readonly TagWrite[]): string {
  return writes.map(({ target }) => quote(target.path)).join(', ');
}
