import { combinedDigest, quote, type Rendered, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { type RenderedDestination, readRenderedTree, readRepository } from '@slipway/render';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Checkout, Source } from './source.ts';

const DEFAULT_APPLICATION = 'slipway.yaml';

/**
 * One destination of a rendered tree, held against its digest and against the files of this checkout: the tree may have come
 * from a job that is trusted less.
 * @throws SlipwayError `destination-unclear`, `digest-differs`, `tree-foreign`, and what a broken tree or checkout gives
 */
export async function readTree(
  path: string,
  inputs: Inputs,
  { workspace }: Pick<Runner, 'workspace'>,
): Promise<Source> {
  const all = await readRenderedTree(path);
  const { rendered, objects } = chooseDestination(all, inputs);
  checkDigest(all, rendered, inputs.digest);
  const application = inputs.application === '' ? DEFAULT_APPLICATION : inputs.application;
  const checkout = compare(await readRepository({ workspace, application }), rendered, inputs);
  const { spec } = checkout.formation;
  const { formation, destination, namespace, snapshot, configRevision, digest, seals } = rendered;
  return {
    identity: { application: rendered.application, formation, destination, namespace },
    objects,
    seals,
    snapshot,
    configRevision,
    digest,
    allow: spec.allow ?? {},
    verify: spec.verify,
    policies: checkout.repository.policies,
    packs: spec.policies?.packs ?? [],
    checkout,
  };
}

/** The one destination of a rendered tree that is meant. @throws SlipwayError `destination-unclear` */
export function chooseDestination(
  all: readonly RenderedDestination[],
  inputs: Pick<Inputs, 'formation' | 'destination'>,
): RenderedDestination {
  const fitting = all.filter(
    ({ rendered: { formation, destination } }) =>
      (inputs.formation === '' || formation === inputs.formation) &&
      (inputs.destination === '' || destination === inputs.destination),
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const known = all
    .map(({ rendered: { formation, destination } }) => `${formation}/${destination}`)
    .join(', ');
  const wanted = quote(`${inputs.formation || '*'}/${inputs.destination || '*'}`);
  throw problem(
    'destination-unclear',
    `${only === undefined ? 'no destination' : 'more than one destination'} of the rendered tree fits ${wanted}`,
    `set formation and destination to one of ${known}`,
  );
}

/** The digest of a whole run is as good as that of the one destination. */
function checkDigest(all: readonly RenderedDestination[], { digest }: Rendered, expected: string): void {
  if (expected === '' || expected === digest) return;
  if (expected === combinedDigest(all.map(({ rendered }) => rendered))) return;
  throw problem(
    'digest-differs',
    'the manifests are not those that the digest was given for',
    'render again, and take digest and manifests from the same run',
  );
}

function compare(repository: Checkout['repository'], rendered: Rendered, inputs: Inputs): Checkout {
  const formation = repository.formations.get(rendered.formation);
  const destination = formation?.spec.destinations[rendered.destination];
  const place = `${rendered.formation}/${rendered.destination}`;
  if (repository.application.metadata.name !== rendered.application)
    throw foreign(`of the application ${quote(rendered.application)}`);
  if (formation === undefined || destination === undefined) throw foreign(`of ${quote(place)}`);
  if (destination.namespace !== rendered.namespace)
    throw foreign(`of ${quote(place)} in the namespace ${quote(rendered.namespace)}`);
  if (inputs.namespace !== '' && inputs.namespace !== rendered.namespace)
    throw problem(
      'tree-foreign',
      `input "namespace" is ${quote(inputs.namespace)}, and ${place} goes to ${quote(rendered.namespace)}`,
      'leave the input out: the formation has it',
    );
  checkRegistry(repository, rendered, inputs);
  return { repository, formation, destination };
}

/** Verdicts are looked up beside the snapshot, so its registry must be the application's and not the tree's choice. */
function checkRegistry(
  { application }: Checkout['repository'],
  { snapshot }: Rendered,
  inputs: Inputs,
): void {
  const registry = inputs.registry === '' ? application.spec.registry : inputs.registry;
  if (snapshot === undefined || snapshot.registry === registry) return;
  throw problem(
    'registry-differs',
    `the snapshot ${quote(snapshot.deploymentTag)} is of ${quote(snapshot.registry)}, and the application of ${quote(registry)}`,
    'build again, or set registry as build-retag has it',
  );
}

function foreign(what: string): SlipwayError<DeployErrorCode> {
  return problem(
    'tree-foreign',
    `the rendered tree is ${what}, which the files of this checkout do not have`,
    'check out the commit that was rendered',
  );
}

function problem(code: DeployErrorCode, message: string, remedy: string): SlipwayError<DeployErrorCode> {
  return new SlipwayError({ code, message, remedy });
}
