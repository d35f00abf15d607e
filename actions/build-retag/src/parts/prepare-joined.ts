import { defined, Problems, quote, type SnapshotImage } from '@slipway/core';
import { parseRepository, putManifest, resolveDigest } from '@slipway/registry';
import { withPlatforms } from '../build/platforms.ts';
import type { PreparedImage } from '../build/prepare-images.ts';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Plan } from '../plan/plan.ts';
import type { Session } from '../session.ts';
import { type Joined, joinPieces } from './join-pieces.ts';
import { type FinishedPart, readParts } from './read-parts.ts';
import { readPieces } from './read-pieces.ts';

/** What is joined, and what has to be there beside it. */
export interface JoinWork extends Session {
  /** Without builds: the images that the job that joins brings itself. */
  readonly plan: Plan;
  /** The services whose images parts build. */
  readonly built: readonly string[];
  readonly revision: string | undefined;
}

/**
 * Makes one image of each service out of what parts have of it. Nothing is written before all parts were looked at.
 * @returns pushes the indexes, by digest
 * @throws SlipwayError with every problem of every part
 */
export async function prepareJoined(work: JoinWork): Promise<() => Promise<PreparedImage[]>> {
  const { inputs, built, revision, client, home } = work;
  const problems = new Problems();
  const parts = await readParts(work, revision, problems);
  const pieces = await readPieces(parts, work, problems);
  const isReadable = problems.found.length === 0;
  const { joined, problems: wrong } = joinPieces(
    {
      services: built,
      platforms:
        inputs.platforms.length > 0
          ? inputs.platforms
          : [...new Set(parts.flatMap(({ platforms }) => platforms))],
      mayHaveMore: inputs.platforms.length === 0,
    },
    pieces,
  );
  // What a part lacks that cannot be read has been told.
  for (const problem of wrong) if (isReadable || problem.code !== 'parts-incomplete') problems.add(problem);
  if (problems.found.length === 0) await checkStarts(parts, joined, work, problems);
  problems.throwIfAny();
  return async () => {
    await Promise.all(
      joined.map(async ({ service, manifest }) => {
        const isNew = !pieces.some(piece => piece.manifest.digest === manifest.digest);
        if (isNew) await putManifest(client, parseRepository(`${home.registry}/${service}`), manifest);
      }),
    );
    return joined.map(image => prepared(image, home.registry));
  };
}

/** An image that others start from must be the one that gets the deployment tag. */
async function checkStarts(
  parts: readonly FinishedPart[],
  joined: readonly Joined[],
  { plan, client }: JoinWork,
  problems: Problems,
): Promise<void> {
  const own = new Map(joined.map(({ service, manifest }) => [service, manifest.digest]));
  for (const { service, image } of plan.kept) own.set(service, image.digest);
  for (const { part, startsFrom = {} } of parts)
    for (const [service, digest] of Object.entries(startsFrom)) {
      const retag = plan.retags.find(one => one.service === service);
      const found = own.get(service) ?? (retag && (await resolveDigest(client, retag.source)));
      if (found !== digest) problems.add(otherStart(part, service));
    }
}

function otherStart(part: string, service: string) {
  return {
    code: 'parts-disagree' satisfies BuildRetagErrorCode,
    message: `the part ${quote(part)} started from another image of ${quote(service)} than the one that this job has`,
    remedy: 'give both the same services and rest-from, and run all jobs again, as a tag may have moved',
  };
}

function prepared({ service, pieces, manifest }: Joined, registry: string): PreparedImage {
  const [first] = pieces;
  const image: SnapshotImage = {
    name: `${registry}/${service}`,
    digest: manifest.digest,
    origin: 'built',
    ...defined({ inputs: first?.image.inputs }),
  };
  const isKept = pieces.every(
    ({ image: { from }, manifest: { digest } }) => from !== undefined && digest === manifest.digest,
  );
  const milliseconds = Math.max(...pieces.map(piece => piece.image.milliseconds));
  return {
    service,
    image: withPlatforms(image, manifest),
    manifest,
    ...defined({ from: isKept ? first?.image.from : undefined }),
    milliseconds,
  };
}
