import { SlipwayError } from '@slipway/core';

/** What to do where a login may not do what rooms take, which that of the tenant never may. */
export const KEEPER_NEEDED =
  'use the kubeconfig of the room keeper in this job, which has the rights that examples/roles/spawner.yaml gives it; that of the tenant only deploys';

/** Does what takes the rights of the room keeper, and says so where they are missing. */
export async function asKeeper<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'cluster-forbidden') throw error;
    const { code, message } = error;
    throw new SlipwayError({ code, message, remedy: KEEPER_NEEDED }, { cause: error });
  }
}
