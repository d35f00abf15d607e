import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { API_VERSION, defined, type Release, type Verdict, type VerdictName } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import type { RolloutResult } from '@slipway/rollout';
import type { Identity } from '../what/find-identity.ts';
import type { JobRun } from '../what/job-runs.ts';

/** The verdict as a file and the registry keep it. */
export function makeVerdict(
  identity: Identity,
  release: Release | undefined,
  result: RolloutResult,
  outcome: Pick<Verdict, 'summary' | 'rolledBackTo'> & { readonly verdict: VerdictName },
): Verdict {
  const destination = release?.destination ?? identity.destination;
  return {
    apiVersion: API_VERSION,
    kind: 'Verdict',
    application: identity.application,
    formation: identity.formation,
    ...(destination === '' ? {} : { destination }),
    namespace: identity.namespace,
    ...(release === undefined ? {} : { release: release.number }),
    ...(release === undefined ? {} : recordedIn(release)),
    started: result.started.toISOString(),
    finished: result.finished.toISOString(),
    objects: [...result.objects],
    ...(result.checks.length === 0 ? {} : { checks: result.checks.map(check => ({ ...check })) }),
    ...configOriginOf(release),
    timeline: result.timeline.map(entry => ({ ...entry })),
    ...outcome,
  };
}

/** How the release's stencils and config came about, which decides whether it may be promoted. */
function configOriginOf({ sharedRevisions, set, configFrom }: Partial<Release> = {}): Partial<Verdict> {
  return defined({ sharedRevisions, set, configFrom });
}

/** What the registry keeps of a release beside its verdict, so that a cluster that is lost does not take it along. */
function recordedIn({
  deploymentTag,
  configRevision,
  digest,
  created: released,
  rollbackOf,
  restores,
  actor,
  run,
  reason,
  hold,
}: Release): Partial<Verdict> {
  return defined({
    ...{ deploymentTag, configRevision, digest, released, rollbackOf, restores, actor, run, hold },
    reason: reason === '' ? undefined : reason,
  });
}

/** The verdict with what deploy and its Jobs did on the timeline, before and beside what was watched. */
export function withDeployment(
  verdict: Verdict,
  { created, applied }: Pick<Release, 'created' | 'applied'>,
  jobs: readonly JobRun[],
): Verdict {
  const begun = { at: created, text: `deploy began to write release ${verdict.release}` };
  const written = applied === undefined ? [] : [{ at: applied, text: 'deploy had written every object' }];
  // Kubernetes leaves parts of a second out, so that a Job seems to begin before deploy did.
  const startOf = (from: Date): Date => (from < new Date(created) ? new Date(created) : from);
  const ran = jobs.flatMap(({ job, from, to, status }) => [
    { at: startOf(from).toISOString(), text: `${describeObject(job)}: started` },
    ...(to === undefined ? [] : [{ at: to.toISOString(), text: `${describeObject(job)}: ${status}` }]),
  ]);
  const all = [begun, ...ran, ...written, ...(verdict.timeline ?? [])];
  return { ...verdict, timeline: all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
}

/** @returns the absolute path of verdict.json */
export async function writeVerdict(verdict: Verdict, temporaryDirectory: string): Promise<string> {
  const { application, formation, destination, namespace } = verdict;
  const path = join(
    temporaryDirectory,
    'slipway',
    application || 'objects',
    formation || 'default',
    destination ?? namespace,
    'verdict.json',
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(verdict, null, 2)}\n`);
  return path;
}
