import { digestInputs, type ImageBuild } from '@slipway/build';
import { defined, type Logger, SlipwayError, type Snapshot, type SnapshotImage } from '@slipway/core';
import { findDigest, parseReference, type RegistryClient, readPassed } from '@slipway/registry';
import { readFormations } from '../files/formations.ts';
import type { Session } from '../session.ts';

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

/** How a build is looked at: as a whole, or as a part of one. */
export interface BuildView {
  /** The build whose inputs decide about the image; or why they cannot be known. */
  inputsOf(build: ImageBuild): ImageBuild | { readonly unknown: string };
  /** Takes note of the digest of a service's inputs. */
  note(service: string, inputs: string): void;
  /** Whether an image with the same inputs has all that is built. */
  suits(image: SnapshotImage, build: ImageBuild): Promise<boolean>;
}

const WHOLE: BuildView = { inputsOf: build => build, note() {}, suits: async () => true };

/**
 * Finds the images of snapshots that passed which a build would only make again.
 * Equality is known from snapshots alone: a label in a registry is whatever its writer says.
 */
export function createForesight(
  session: Session,
  passed: Promise<readonly Snapshot[]>,
  view: BuildView = WHOLE,
): Foresight {
  const candidates = session.inputs.rebuild === 'always' ? Promise.resolve([]) : passed;
  const resolve = rememberDigests(session.client, session.runner.logger);
  return async (build, say) => {
    const seen = view.inputsOf(build);
    const [snapshots, inputs] = await Promise.all([
      candidates,
      'unknown' in seen ? seen : digestInputs(seen, { resolve, architecture: session.architecture }),
    ]);
    if ('unknown' in inputs) {
      say(`Built in any case: ${inputs.unknown}`);
      return {};
    }
    view.note(build.service, inputs.digest);
    const reusable = await findReusable(build, inputs.digest, snapshots, session, view);
    return { inputs: inputs.digest, ...defined({ reusable }) };
  };
}

async function findReusable(
  build: ImageBuild,
  inputs: string,
  snapshots: readonly Snapshot[],
  { client, released, instance }: Session,
  view: BuildView,
): Promise<Reusable | undefined> {
  const { service } = build;
  for (const { images, deploymentTag } of snapshots) {
    const image = Object.hasOwn(images, service) ? images[service] : undefined;
    if (image?.inputs !== inputs || image.name !== `${released.registry}/${service}`) continue;
    const reference = parseReference(`${image.name}@${image.digest}`);
    // Where an instance only reads, its login may not be allowed to push.
    const access = instance === undefined ? 'pull,push' : 'pull';
    if ((await findDigest(client, reference, access)) === undefined) continue;
    if (await view.suits(image, build)) return { image, from: deploymentTag };
  }
  return undefined;
}

function rememberDigests(client: RegistryClient, logger: Logger) {
  const known = new Map<string, Promise<string | undefined>>();
  const look = async (image: string): Promise<string | undefined> => {
    try {
      const reference = parseReference(image);
      return reference.digest ?? (await findDigest(client, reference));
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      logger.debug(`${image} was not looked up: ${error.message}`);
      return undefined;
    }
  };
  return (image: string) => {
    const digest = known.get(image) ?? look(image);
    known.set(image, digest);
    return digest;
  };
}

/**
 * The snapshots that last passed, newest first, of every destination of every formation. What cannot be read is left out, and
 * said where it is looked for: then more is built than had to be, and nothing is wrong.
 */
export async function readPassedSnapshots(session: Session): Promise<Snapshot[]> {
  const { client, released, runner } = session;
  const skip = (error: unknown): undefined => {
    if (!(error instanceof SlipwayError)) throw error;
    runner.logger.debug(`Not looked at for what passed: ${error.message}`);
  };
  const formations = (await readFormations(session).catch(skip)) ?? new Map<string, readonly string[]>();
  const targets = [...formations].flatMap(([formation, destinations]) =>
    destinations.map(destination => ({ formation, destination })),
  );
  const found = await Promise.all(targets.map(target => readPassed(client, released, target).catch(skip)));
  return found
    .filter(snapshot => snapshot !== undefined)
    .filter(({ spawn }) => spawn === undefined)
    .sort((one, other) => Date.parse(other.created) - Date.parse(one.created));
}
