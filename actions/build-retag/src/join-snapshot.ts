import type { Service, Snapshot } from '@slipway/core';
import { prepareImages } from './build/prepare-images.ts';
import { freezeAndTell } from './freeze-and-tell.ts';
import { mayPush } from './may-push.ts';
import { prepareJoined } from './parts/prepare-joined.ts';
import { type Plan, planServices } from './plan/plan.ts';
import { refuseSecretsForFork } from './plan/refuse-secrets-for-fork.ts';
import { type Selection, selectServices } from './plan/selection.ts';
import { readRevision } from './revision.ts';
import type { Session } from './session.ts';
import { readPassedSnapshots } from './snapshots/reuse.ts';

/**
 * Makes the snapshot of what other jobs built as parts, and of the images that are ready-made; undefined where nothing may be pushed, as
 * there are no parts then.
 */
export async function joinSnapshot(session: Session): Promise<Snapshot | undefined> {
  const { inputs, runner, instance } = session;
  const { revision } = await readRevision(session);
  if (!mayPush(inputs.push, runner.context, instance)) {
    runner.logger.info('Nothing is pushed, so there are no parts to join');
    return undefined;
  }
  const selection = await selectServices(session);
  refuseSecretsForFork(selection.services, session);
  const built = Object.keys(selection.services).filter(name => isBuilt(selection.services[name]));
  const plan = await planOthers(selection, session);
  const passed = readPassedSnapshots(session);
  // Awaited once images are at hand: what is unexpected must not count as unhandled until then.
  passed.catch(() => {});
  const making = {
    services: [...built, ...[...plan.retags, ...plan.kept].map(({ service }) => service)],
    async begin() {
      const join = await prepareJoined({ ...session, plan, built, revision });
      return async () => [...(await join()), ...(await bringOthers(plan, session))];
    },
  };
  return await freezeAndTell(making, { ...session, revision, passed });
}

function isBuilt(service: Service | undefined): boolean {
  return service?.build !== undefined;
}

/** What no part builds: ready-made images, and those that another snapshot has. */
async function planOthers({ services, kept }: Selection, session: Session): Promise<Plan> {
  const { file, home, released, inputs, runner } = session;
  const ready = Object.entries(services).filter(([, service]) => !isBuilt(service));
  const selection = { services: Object.fromEntries(ready), kept };
  const registries = { registry: home.registry, released: released.registry };
  return await planServices({
    ...{ file, selection, inputs, runner, git: undefined, secrets: undefined },
    ...registries,
  });
}

async function bringOthers(plan: Plan, session: Session) {
  const { plainHttpRegistries } = session.inputs;
  const nothing = { builder: undefined, secrets: new Map(), foresee: async () => ({}) };
  return await prepareImages(plan, { ...session, plainHttpRegistries, ...nothing });
}
