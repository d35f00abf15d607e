import { type Check, isAboutPods, isComparison, type Release, workloadsNamedBy } from '@slipway/core';
import { copyName } from '@slipway/steps';

/** Whom the checks of a release in steps are asked about, and when. */
export interface StepChecks {
  /** Both versions, or the pods of the new one: at the end of each step. */
  readonly ofSides: readonly Check[];
  /** Those about workloads of the release that do not go in steps in it, so that there are no two versions of them: in no step. */
  readonly ofOthers: readonly Check[];
  /** Endpoints of the new version alone: at the end of each step. */
  readonly ofCopies: readonly Check[];
  /** What serves, as in every release: once the commit has made stable ready. Those of others are there as little judged as in one without steps. */
  readonly atCommit: readonly Check[];
}

export function stepChecks({ steps, objects }: Pick<Release, 'steps' | 'objects'>): StepChecks {
  const checks = steps?.terms?.checks ?? [];
  const copied = new Set(
    objects.flatMap(({ kind, copyOf }) => (kind === 'Service' && copyOf !== undefined ? [copyOf] : [])),
  );
  const inSteps = (steps?.stable.workloads ?? []).map(({ name }) => name);
  const others = new Set(
    objects.flatMap(({ kind, name, copyOf }) =>
      kind === 'Deployment' && copyOf === undefined && !inSteps.includes(name) ? [name] : [],
    ),
  );
  const isOfOthers = (check: Check): boolean => {
    const named = workloadsNamedBy(check) ?? [];
    return named.length > 0 && named.every(name => others.has(name));
  };
  return {
    ofSides: checks.filter(check => isOfSides(check) && !isOfOthers(check)),
    ofOthers: checks.filter(isOfOthers),
    ofCopies: checks.flatMap(check =>
      check.http !== undefined && copied.has(check.http.service)
        ? [{ ...check, http: { ...check.http, service: copyName(check.http.service) } }]
        : [],
    ),
    atCommit: checks.filter(check => !isOfSides(check) || isOfOthers(check)),
  };
}

function isOfSides(check: Check): boolean {
  return isComparison(check) || isAboutPods(check);
}
