import { count, openReleaseOf, openReleaseSentence, type Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { isRecorded, type Shown } from './show-deployment.ts';

/** Says that a release in steps has only begun, or is open already: a step that is green would be read as a release that users have. */
export function showSteps(shown: Shown<Release>, runner: Pick<Runner, 'annotate' | 'addSummary'>): void {
  const message = stepsNotice(shown);
  if (message === undefined) return;
  runner.annotate({ severity: 'notice', message });
  runner.addSummary(`${message}.\n`);
}

/** What there is of a release in steps that is open; undefined for any other. */
export function stepsNotice({ release, known }: Shown<Release>): string | undefined {
  const { number, steps, verdict, objects } = release;
  if (steps?.phase === undefined || verdict !== undefined) return undefined;
  const open = openReleaseOf(release);
  // The same manifests are deployed again, and some users may have them.
  if (open !== undefined && !isRecorded(known))
    return `Nothing was written, as it is open already: ${openReleaseSentence(open)}; verify-rollout goes on with it`;
  const { sizes } = steps.target;
  const copies = objects.flatMap(({ kind, name, copyOf = '' }) => {
    const size = kind === 'Deployment' ? (sizes[copyOf] ?? 0) : 0;
    return size === 0 ? [] : [`${name} (${count(size, 'pod')})`];
  });
  const there = copies.length === 0 ? 'its copies come later' : `beside stable there is ${copies.join(', ')}`;
  return `Release ${number} goes in steps and has begun: ${there}, and no user gets it until verify-rollout runs`;
}
