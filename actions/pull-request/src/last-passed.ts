import { openRegistry } from '@slipway/action-kit';
import { once, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { LastPassed, ReadLastPassed } from '@slipway/review';
import type { Inputs } from './inputs.ts';

/**
 * Reads from a registry which snapshot and which commit last passed at a destination. Signatures are not checked: their key could
 * forge them too, and a pull request's job must not have it. A registry that refuses is not asked again for every destination.
 * @param registry as `spec.registry` names it
 */
export function lastPassedIn(
  registry: string,
  { plainHttpRegistries }: Pick<Inputs, 'plainHttpRegistries'>,
  runner: Runner,
): ReadLastPassed {
  const open = once(async () => {
    const [{ rememberReads, readPassedVerdict }, client] = await Promise.all([
      import('@slipway/registry'),
      openRegistry({ plainHttpRegistries, recordKeys: undefined }, runner),
    ]);
    return { client: rememberReads(client), readPassedVerdict };
  });
  let refusal: SlipwayError | undefined;
  return async ({ application, ...target }) => {
    if (refusal !== undefined) throw refusal;
    try {
      const { client, readPassedVerdict } = await open();
      return shownPassed(await readPassedVerdict(client, { registry, application }, target));
    } catch (error) {
      if (error instanceof SlipwayError && REFUSALS.has(error.code)) refusal = error;
      throw error;
    }
  };
}

/** Codes that are about the registry, and so about every destination. */
const REFUSALS: ReadonlySet<string> = new Set([
  'reference-invalid',
  'docker-config-invalid',
  'credential-helper-failed',
  'registry-unreachable',
  'registry-untrusted',
  'registry-unauthorized',
  'registry-denied',
  'registry-busy',
  'registry-failed',
  'redirect-refused',
  'token-realm-refused',
]);

type Passed = Awaited<ReturnType<typeof import('@slipway/registry')['readPassedVerdict']>>;

function shownPassed(passed: Passed): LastPassed | undefined {
  if (passed === undefined) return undefined;
  const { snapshot, verdict } = passed;
  return {
    deploymentTag: snapshot.deploymentTag,
    created: snapshot.created,
    verified: verdict.finished,
    revision: verdict.configRevision,
    set: verdict.set ?? [],
    sharedRevisions: verdict.sharedRevisions ?? {},
    images: new Map(Object.entries(snapshot.images).map(([service, { digest }]) => [service, digest])),
  };
}
