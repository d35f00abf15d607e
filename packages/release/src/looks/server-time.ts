import type { ClusterClient } from '@slipway/cluster';
import { type Clock, SlipwayError } from '@slipway/core';

/**
 * The API server's time, to the second: the clocks of runners differ, and one of them begins a step that another judges. It is what the
 * server writes on a review, which it stores nowhere and everyone may ask for; where that is refused, it is the runner's time.
 */
export async function serverTime(client: Pick<ClusterClient, 'create'>, clock: Clock): Promise<Date> {
  try {
    const review = await client.create({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      // The server ignores the name; errors are said with it.
      metadata: { name: 'time' },
    } as never);
    const time = new Date(String(review.metadata['creationTimestamp'] ?? ''));
    return Number.isNaN(time.getTime()) ? clock() : time;
  } catch (error) {
    if (!(error instanceof SlipwayError) || isOutage(error)) throw error;
    return clock();
  }
}

/** With a login that has ended no time is asked for that would be of use. */
const OUTAGES = ['cluster-unreachable', 'cluster-unauthorized', 'lock-lost'];

function isOutage({ code }: SlipwayError): boolean {
  return OUTAGES.includes(code);
}
