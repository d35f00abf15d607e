export interface TagSource {
  /** When the build began. */
  readonly now: Date;
  /** The commit that is built, if there is one. */
  readonly revision: string | undefined;
  /** GITHUB_RUN_NUMBER and GITHUB_RUN_ATTEMPT; empty outside of a run. */
  readonly runNumber: string;
  readonly runAttempt: string;
}

const REVISION_LENGTH = 7;

/**
 * A deployment tag such as `20261121-021512-a1b2c3d-118-1`: the time in UTC, so that tags sort by age; the commit, so that a
 * person knows what it is; the run and its attempt, so that running again makes another one. It names no registry and no
 * account, which are masked in outputs between jobs where they are secrets.
 */
export function makeDeploymentTag({ now, revision, runNumber, runAttempt }: TagSource): string {
  const time = now.toISOString().replace(/\..*$/, '').replace(/[-:]/g, '').replace('T', '-');
  const parts = [time, revision?.slice(0, REVISION_LENGTH), digits(runNumber), digits(runAttempt)];
  return parts.filter(part => part !== undefined && part !== '').join('-');
}

/** At most ten, which no run's number reaches, so that the tag never grows too long. */
function digits(text: string): string {
  return text.replace(/\D/g, '').slice(0, 10);
}
