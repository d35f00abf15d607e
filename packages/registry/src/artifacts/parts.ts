import { PART_ARTIFACT_TYPE, type Part, parsePart, quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import { findManifest } from '../manifests/manifests.ts';
import { type Mark, readMark, writeMark } from '../manifests/marks.ts';
import { formatReference, type Reference } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';
import { type SnapshotHome, snapshotsRepository } from './snapshots.ts';

/** Which part of a build: that of one run of a workflow, in all of its attempts. */
export interface PartName extends SnapshotHome {
  readonly run: string;
  readonly part: string;
}

/** `snapshots:part.<run>.<part>`: what was written last counts, whichever attempt of the run wrote it. */
function partMark({ registry, run, part }: PartName): Mark {
  return { repository: snapshotsRepository(registry), tag: `part.${run}.${part}`, kind: 'of-snapshot' };
}

/** Keeps what a job built, or that it began to build. */
export async function pushPart(client: RegistryClient, part: Part): Promise<void> {
  const mark = partMark(part);
  const manifest = await uploadArtifact(client, mark.repository, {
    type: PART_ARTIFACT_TYPE,
    fileName: 'part.json',
    content: `${JSON.stringify(part, null, 2)}\n`,
  });
  await writeMark(client, mark, manifest);
}

/**
 * The part as it was written last; undefined if there is none.
 * @throws SlipwayError `part-invalid` for what is not this part, `artifact-unverified`
 */
export async function readPart(client: RegistryClient, name: PartName): Promise<Part | undefined> {
  return await readMark(client, partMark(name), async reference => {
    const stored = await readArtifact(client, reference, PART_ARTIFACT_TYPE);
    if (stored === undefined) {
      if ((await findManifest(client, reference)) === undefined) return undefined;
      throw invalid(name, reference, 'is something else');
    }
    const part = parse(stored.content, name, reference);
    const isOwn = (['application', 'registry', 'run', 'part'] as const).every(key => part[key] === name[key]);
    if (!isOwn) throw invalid(name, reference, 'is of another application, registry, run or part');
    return part;
  });
}

function parse(content: string, name: PartName, reference: Reference): Part {
  try {
    return parsePart(content, formatReference(reference));
  } catch (cause) {
    throw invalid(name, reference, 'cannot be read', cause);
  }
}

function invalid({ part, run }: PartName, reference: Reference, what: string, cause?: unknown): SlipwayError {
  return new SlipwayError<RegistryErrorCode>(
    {
      code: 'part-invalid',
      message: `the part ${quote(part)} of run ${run} cannot be used: ${quote(formatReference(reference))} ${what}`,
      remedy: 'run all jobs again; if it remains, find out who pushed it',
    },
    { cause },
  );
}
