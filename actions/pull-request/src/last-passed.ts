import { openRegistry } from '@slipway/action-kit';
import { once, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { LastPassed, ReadLastPassed } from '@slipway/review';
import type { PullRequestErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { readingTime } from './reading-time.ts';

/** Reads for each application from its registry. Those of one registry share what is remembered of it, and the time for it. */
export function lastPassedReaders(
  inputs: Pick<Inputs, 'applications' | 'registries' | 'plainHttpRegistries'>,
  runner: Runner,
): (path: string) => ReadLastPassed | undefined {
  const readers = new Map(
    inputs.registries.map(registry => [registry, timedReader(registry, inputs, runner)] as const),
  );
  return path => readers.get(inputs.registries[inputs.applications.indexOf(path)] ?? '');
}

/** What is rendered meanwhile is not the fault of the registry. */
function timedReader(
  registry: string,
  inputs: Pick<Inputs, 'plainHttpRegistries'>,
  runner: Runner,
): ReadLastPassed {
  const time = readingTime(READING_LIMIT);
  const read = lastPassedIn(registry, inputs, runner, time.signal);
  return async target => await time.during(() => read(target));
}

/**
 * Reads from a registry which snapshot and which commit last passed at a destination. Signatures are not checked: their key could
 * forge them too, and a pull request's job must not have it. A registry that refuses is not asked again for every destination.
 * @param registry as `spec.registry` names it
 * @param limit ends the reading of all destinations, since the result of the review does not depend on it
 */
export function lastPassedIn(
  registry: string,
  { plainHttpRegistries }: Pick<Inputs, 'plainHttpRegistries'>,
  runner: Runner,
  limit: AbortSignal,
): ReadLastPassed {
  const open = once(async () => {
    const signal = AbortSignal.any([runner.signal, limit]);
    const [{ rememberReads, readPassedVerdict }, client] = await Promise.all([
      import('@slipway/registry'),
      openRegistry({ plainHttpRegistries, recordKeys: undefined }, { ...runner, signal }),
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
      if (limit.aborted && !runner.signal.aborted) refusal = tooSlow(registry);
      else if (error instanceof SlipwayError && REFUSALS.has(error.code)) refusal = error;
      throw refusal ?? error;
    }
  };
}

/** Milliseconds. Without it, a registry that does not answer would keep the status pending for minutes. */
const READING_LIMIT = 90_000;

function tooSlow(registry: string): SlipwayError<PullRequestErrorCode> {
  return new SlipwayError<PullRequestErrorCode>({
    code: 'registry-slow',
    message: `the registry ${quote(registry)} has not answered everything within ${READING_LIMIT / 1000} s`,
    remedy: 'run the check again',
  });
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
