import {
  combinedDigest,
  defined,
  type Position,
  parsePointer,
  quote,
  type Rendered,
  SlipwayError,
  stepsOf,
  throwIfAny,
} from '@slipway/core';
import { disagreements } from '@slipway/release';
import {
  type RenderedDestination,
  readRenderedTree,
  readRepository,
  refuseForeignSnapshot,
  unknownPromotions,
  writtenStrategy,
} from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { Checkout } from '../formation/checkout.ts';
import { DEFAULT_APPLICATION } from '../formation/find-formation.ts';
import { refuseSpawning, withInstance } from '../formation/with-instance.ts';
import type { ManifestsChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { DesiredState } from './desired-state.ts';

/**
 * One destination of a rendered tree, checked against its digest and the files of this checkout: the tree may come from a job that
 * is trusted less.
 * @throws SlipwayError `snapshot-of-instance`, `snapshot-not-spawned`, `destination-unclear`, `promoted-from-unknown`, `digest-differs`, `tree-foreign`, and what a broken tree or checkout gives
 */
export async function readTree(
  path: string,
  given: ManifestsChoice,
  { workspace, run }: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<DesiredState> {
  const all = await readRenderedTree(path);
  const application = given.application === '' ? DEFAULT_APPLICATION : given.application;
  const read = await readRepository({ workspace, application });
  throwIfAny(unknownPromotions(read));
  const [repository, choice] = withInstance(read, given);
  const { rendered, objects } = chooseDestination(all, choice);
  checkDigest(all, rendered, choice.digest);
  checkRevision(rendered, choice.configRevision);
  const checkout = compare(repository, rendered, choice);
  refuseAllow(choice, rendered);
  refuseStrategy(choice, rendered);
  const { spec } = checkout.formation;
  const { formation, destination, namespace, snapshot, configRevision, digest, seals } = rendered;
  const { sharedRevisions, set } = rendered;
  return {
    identity: {
      application: rendered.application,
      ...{ formation, destination, namespace, repository: run.repository },
    },
    objects,
    seals,
    snapshot,
    configRevision,
    ...defined({ sharedRevisions, set }),
    digest,
    allow: spec.allow ?? {},
    verify: spec.verify,
    strategy: choice.strategy === 'none' ? undefined : stepsOf(spec.strategy),
    strategyAt: pointer => positionIn(checkout, pointer),
    policies: checkout.repository.policies,
    packs: spec.policies?.packs ?? [],
    checkout,
  };
}

/** Where a formation, or the one that it extends, has a field of its strategy. */
function positionIn({ repository, formation }: Checkout, pointer: string): Position | undefined {
  const file = repository.formationFiles.get(formation.metadata.name);
  return file && writtenStrategy(file)?.positionOf(parsePointer(pointer));
}

/** The one destination of a rendered tree that is meant. @throws SlipwayError `destination-unclear` */
export function chooseDestination(
  all: readonly RenderedDestination[],
  { formation: named, destinations }: Pick<ManifestsChoice, 'formation' | 'destinations'>,
): RenderedDestination {
  const fitting = all.filter(
    ({ rendered: { formation, destination } }) =>
      (named === '' || formation === named) &&
      (destinations.length === 0 || destinations.includes(destination)),
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const known = all
    .map(({ rendered: { formation, destination } }) => `${formation}/${destination}`)
    .join(', ');
  const wanted = quote(`${named || '*'}/${destinations.join(',') || '*'}`);
  const isUnnamed = named === '' && destinations.length === 0 && only !== undefined;
  throw problem(
    'destination-unclear',
    `${only === undefined ? 'no destination' : 'more than one destination'} of the rendered tree fits ${wanted}`,
    `set formation and destination to one of ${known}${isUnnamed ? DROPPED : ''}`,
  );
}

/** A job whose matrix came from a dropped output runs once, with empty values. */
const DROPPED =
  '; if the workflow sets them from the output "waves" of another job, GitHub has dropped it: see "may contain secret" in the log of that job';

/** What a formation may touch is reviewed with its file. */
function refuseAllow({ allow }: ManifestsChoice, { formation }: Rendered): void {
  if (Object.values(allow).every(values => values.length === 0)) return;
  throw problem(
    'tree-foreign',
    `input "allow" is for plain manifests, but the rendered tree is of the formation ${quote(formation)}`,
    'remove the input, and write spec.allow of the formation',
  );
}

/** So are its steps; only that there are none, for a fix that cannot wait, can be said here. */
function refuseStrategy({ strategy }: ManifestsChoice, { formation }: Rendered): void {
  if (stepsOf(strategy) === undefined) return;
  throw problem(
    'tree-foreign',
    `input "strategy" is for plain manifests, but the rendered tree is of the formation ${quote(formation)}`,
    'remove the input, and write spec.strategy of the formation; "none" with a reason releases to all users at once',
  );
}

/** The digest of a whole run is as good as that of the one destination. */
function checkDigest(all: readonly RenderedDestination[], { digest }: Rendered, expected: string): void {
  if (expected === '' || expected === digest) return;
  if (expected === combinedDigest(all.map(({ rendered }) => rendered))) return;
  throw problem(
    'digest-differs',
    'the manifests do not have the digest that was given',
    'render again, and take digest and manifests from the same run',
  );
}

/** The digest is over what is deployed, and not over where that came from, which a verdict passes on to promotions. */
function checkRevision({ configRevision }: Rendered, expected: string): void {
  if (expected === '' || expected === configRevision) return;
  throw problem(
    'config-differs',
    `the rendered tree says that its stencils and config are of ${configRevision === undefined ? 'no commit' : `the commit ${quote(configRevision)}`}, but input "config-revision" is ${quote(expected)}`,
    'render again, and take config-revision and manifests from the same run',
  );
}

function compare(repository: Checkout['repository'], rendered: Rendered, choice: ManifestsChoice): Checkout {
  const formation = repository.formations.get(rendered.formation);
  const destination = formation?.spec.destinations[rendered.destination];
  const target = `${rendered.formation}/${rendered.destination}`;
  if (repository.application.metadata.name !== rendered.application)
    throw treeForeign(`of the application ${quote(rendered.application)}`);
  if (repository.spawned === undefined) refuseSpawning(repository, rendered.formation);
  if (formation === undefined || destination === undefined) throw treeForeign(`of ${quote(target)}`);
  if (destination.namespace !== rendered.namespace)
    throw treeForeign(`of ${quote(target)} in the namespace ${quote(rendered.namespace)}`);
  // A tree that is not for the destination that the inputs name is a wrong tree.
  throwIfAny<DeliveryErrorCode>(
    disagreements(choice, target, destination).map(found => ({ ...found, code: 'tree-foreign' })),
  );
  checkSnapshot(repository, rendered, choice);
  return { repository, formation, destination };
}

/**
 * An instance takes what was built for it, and nothing else does. Verdicts are looked up beside the snapshot, so its registry must be the
 * application's and not the tree's choice.
 */
function checkSnapshot(
  { application, spawned }: Checkout['repository'],
  { snapshot, formation }: Rendered,
  choice: ManifestsChoice,
): void {
  if (snapshot === undefined) return;
  refuseForeignSnapshot(snapshot, spawned?.get(formation)?.key);
  const registry = choice.registry === '' ? application.spec.registry : choice.registry;
  if (snapshot.registry === registry) return;
  throw problem(
    'registry-differs',
    `the snapshot ${quote(snapshot.deploymentTag)} was built for ${quote(snapshot.registry)}, but the application uses ${quote(registry)}`,
    'build again, or set the input "registry" as for build-retag',
  );
}

function treeForeign(what: string): SlipwayError<DeliveryErrorCode> {
  return problem(
    'tree-foreign',
    `the rendered tree is ${what}, which the files of this checkout do not have`,
    'check out the commit that was rendered',
  );
}

function problem(code: DeliveryErrorCode, message: string, remedy: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({ code, message, remedy });
}
