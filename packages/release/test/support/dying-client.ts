import type { ClusterClient } from '@slipway/cluster';

/** What a run throws whose process was killed. */
export class Killed extends Error {}

/** A client whose process dies once its n-th write was answered, or before that is sent. Nothing is sent afterwards. */
export function dyingClient(client: ClusterClient, at: number, isSent: boolean): ClusterClient {
  let writes = 0;
  const mortal =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const isDryRun = args.some(argument => (argument as { dryRun?: boolean } | undefined)?.dryRun === true);
      if (isDryRun) return await method(...args);
      writes += 1;
      if (writes > at || (writes === at && !isSent)) throw new Killed();
      const answer = await method(...args);
      if (writes >= at) throw new Killed();
      return answer;
    };
  const { apply, create, update, patch, delete: remove } = client;
  const dying: ClusterClient = {
    ...client,
    within: () => dying,
    ...{ apply: mortal(apply), create: mortal(create), update: mortal(update), patch: mortal(patch) },
    delete: mortal(remove),
  };
  return dying;
}

/** @returns whether the run was killed */
export async function isKilled(run: Promise<unknown>): Promise<boolean> {
  return await run.then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true;
      throw error;
    },
  );
}
