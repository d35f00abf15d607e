import { digestInputs, type ImageBuild } from '@slipway/build';
import { type Logger, SlipwayError, type Snapshot, type SnapshotImage } from '@slipway/core';
import { findDigest, parseReference, type RegistryClient, readPassed } from '@slipway/registry';
import { type Formations, readFormations } from './formations.ts';
import type { Session } from './session.ts';

/** An image that need not be built, since one with the same inputs passed. */
export interface Reusable {
  readonly image: SnapshotImage;
  /** The deployment tag of the snapshot that passed. */
  readonly from: string;
}

/** What is known about a build before it begins. */
export interface Foreknown {
  /** Digest over all that decides about the image, if it can be said. */
  readonly inputs?: string;
  readonly reusable?: Reusable;
}

/** Asked for each build once the images are there that it starts from. */
export type Foresight = (build: ImageBuild, say: (line: string) => void) => Promise<Foreknown>;

/**
 * Knows the snapshots that last passed in any formation, and finds the images of theirs that a build would only make again.
 * Equality is known from snapshots alone: a label in a registry is whatever its writer says.
 */
export function createForesight(session: Session): Foresight {
  const passed = session.inputs.rebuild === 'always' ? Promise.resolve([]) : readPassedSnapshots(session);
  const resolve = rememberDigests(session.client, session.runner.logger);
  return async (build, say) => {
    const [snapshots, inputs] = await Promise.all([
      passed,
      digestInputs(build, { resolve, architecture: session.architecture }),
    ]);
    if ('unknown' in inputs) {
      say(`Built in any case: ${inputs.unknown}`);
      return {};
    }
    const reusable = await findReusable(build, inputs.digest, snapshots, session.client);
    return { inputs: inputs.digest, ...(reusable === undefined ? {} : { reusable }) };
  };
}

async function findReusable(
  { service, repository }: ImageBuild,
  inputs: string,
  snapshots: readonly Snapshot[],
  client: RegistryClient,
): Promise<Reusable | undefined> {
  for (const { images, deploymentTag } of snapshots) {
    const image = Object.hasOwn(images, service) ? images[service] : undefined;
    if (image?.inputs !== inputs || image.name !== repository) continue;
    const place = parseReference(`${image.name}@${image.digest}`);
    if ((await findDigest(client, place, 'pull,push')) !== undefined) return { image, from: deploymentTag };
  }
  return undefined;
}

/** What cannot be read here is built: that is slower, and never wrong. */
async function readPassedSnapshots(session: Session): Promise<Snapshot[]> {
  const { client, home, runner } = session;
  const formations = await readFormations(session).catch(error => explain(error, runner.logger));
  const targets = [...(formations ?? (new Map() as Formations))].flatMap(([formation, destinations]) =>
    destinations.map(destination => ({ formation, destination })),
  );
  const found = await Promise.all(
    targets.map(target => readPassed(client, home, target).catch(error => explain(error, runner.logger))),
  );
  return found.filter(snapshot => snapshot !== undefined);
}

function explain(error: unknown, logger: Logger): undefined {
  if (!(error instanceof SlipwayError)) throw error;
  logger.debug(`Not looked at for images that need not be built: ${error.message}`);
}

function rememberDigests(client: RegistryClient, logger: Logger) {
  const known = new Map<string, Promise<string | undefined>>();
  const look = async (image: string): Promise<string | undefined> => {
    try {
      const reference = parseReference(image);
      return reference.digest ?? (await findDigest(client, reference));
    } catch (error) {
      return explain(error, logger);
    }
  };
  return (image: string) => {
    const digest = known.get(image) ?? look(image);
    known.set(image, digest);
    return digest;
  };
}
