import type { ClusterClient } from '@slipway/cluster';
import type { Release, ReleaseSteps } from '@slipway/core';
import { changeRecord } from '../records/records.ts';

/** Keeps how the steps of a release are judged, unless another run was faster. @returns the record */
export async function setTerms(
  client: ClusterClient,
  release: Release,
  terms: NonNullable<ReleaseSteps['terms']>,
): Promise<Release> {
  return await changeRecord(client, release, record =>
    record.steps === undefined || record.steps.terms !== undefined
      ? record
      : { ...record, steps: { ...record.steps, terms } },
  );
}
