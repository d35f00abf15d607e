import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { CONTINUE, deployVersion, look, newestRecord, REJECT, type Site } from './runs.ts';

/** Where a run is killed. */
export interface Stage {
  readonly name: 'begin' | 'reach' | 'commit' | 'home' | 'undo' | 'newer';
  /** Brings the formation to where the run begins. @returns whether it is there */
  readonly prepare: (scene: Scene) => Promise<boolean>;
  /** The run. */
  readonly run: (client: ClusterClient, scene: Scene) => Promise<unknown>;
}

export interface Scene extends Site {
  readonly client: ClusterClient;
  /** The version that is released. */
  readonly number: number;
  readonly random: () => number;
  /** Runs something that dies at one of its writes. */
  readonly interrupt: (run: (client: ClusterClient) => Promise<unknown>) => Promise<void>;
}

const begin: Stage = {
  name: 'begin',
  prepare: async () => true,
  run: (client, scene) => deployVersion(client, scene, scene.number),
};

const reach: Stage = {
  name: 'reach',
  prepare: async scene => isOpen(await begun(scene)),
  run: async (client, scene) => await look(client, await newest(scene)),
};

const commit: Stage = {
  name: 'commit',
  prepare: async scene => isOpen(await waiting(scene)),
  run: async (client, scene) => await look(client, await newest(scene), CONTINUE),
};

/** Users are with stable only, or with both versions. */
const home: Stage = {
  name: 'home',
  prepare: async scene => isOpen(scene.random() < 0.3 ? await begun(scene) : await waiting(scene)),
  run: async (client, scene) => await look(client, await newest(scene), REJECT),
};

/** A commit that has begun is taken back. */
const undo: Stage = {
  name: 'undo',
  prepare: async scene => {
    const release = await waiting(scene);
    await scene.interrupt(client => look(client, release, CONTINUE));
    const { steps, verdict } = await newest(scene);
    return verdict === undefined && typeof steps?.times['commit-began'] === 'string';
  },
  run: async (client, scene) => await look(client, await newest(scene), REJECT),
};

/** A newer deploy undoes what is open, and begins. */
const newer: Stage = {
  name: 'newer',
  prepare: async scene => isOpen(await deployVersion(scene.client, scene, scene.number - 1)),
  run: (client, scene) => deployVersion(client, scene, scene.number),
};

export const STAGES: readonly Stage[] = [begin, reach, commit, home, undo, newer];

const newest = ({ client, namespace }: Scene): Promise<Release> => newestRecord(client, namespace);
const isOpen = ({ verdict }: Release): boolean => verdict === undefined;

const begun = (scene: Scene): Promise<Release> => deployVersion(scene.client, scene, scene.number);

async function waiting(scene: Scene): Promise<Release> {
  await look(scene.client, await begun(scene));
  return await newest(scene);
}
