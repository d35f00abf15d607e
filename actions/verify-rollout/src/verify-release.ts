import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release, SlipwayError } from '@slipway/core';
import { conclude } from './conclude.ts';
import type { Ending, VerifyContext } from './ending.ts';
import type { VerifyErrorCode } from './error-codes.ts';
import { findRelease } from './find-release.ts';
import { findStencil } from './find-stencil.ts';
import { setOutputs } from './publish.ts';
import { pushToRegistry } from './push-verdict.ts';
import { makeVerdict } from './report.ts';
import { planRelease, watchRelease } from './watch-release.ts';

/** A verdict on a release, with all that follows from it: its record, what it prunes, its rollback, the registry. */
export async function verifyRelease(
  client: ClusterClient,
  number: number,
  context: VerifyContext,
): Promise<Ending> {
  if (context.place.namespace === '') throw namespaceMissing();
  const release = await findRelease(client, context.place, number);
  context.runner.logger.info(introduction(release));
  const { application, formation } = release;
  const plan = await planRelease(client, release, context);
  const watched = await watchRelease({ client, release, plan }, context.runner);
  const place = { ...context.place, application, formation };
  // Known before anything is written, so that a later step has it whatever becomes of the rest.
  const { verdict: seen, summary } = watched.result;
  await setOutputs(makeVerdict(place, release, watched.result, { verdict: seen, summary }), context.runner);
  const { restored, ...outcome } = await conclude({ client, release, watched, plan, context });
  const verdict = makeVerdict(place, release, watched.result, outcome);
  await pushToRegistry(verdict, release, context);
  const at = await findStencil(watched.result.fault, release, context.runner);
  return { ...watched, verdict, restored, at };
}

function introduction({
  number,
  application,
  formation,
  namespace,
  deploymentTag,
  objects,
}: Release): string {
  const tag = deploymentTag === undefined ? '' : `, deployment tag ${quote(deploymentTag)}`;
  return `Release ${number} of ${application}/${formation}${tag}: ${objects.length} objects in namespace ${namespace}`;
}

function namespaceMissing(): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'place-unknown',
    message: 'it is not known which namespace the release is in',
    remedy: 'give "namespace", or check out the repository and give "formation" and "destination"',
  });
}
