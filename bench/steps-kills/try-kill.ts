import { randomUUID } from 'node:crypto';
import type { ClusterClient } from '@slipway/cluster';
import { createNamespace } from '@slipway/testkit/cluster';
import { APPLICATION, FORMATION } from '@slipway/testkit/releases';
import { converge } from './converge.ts';
import { faultsAfterKill, faultsAtEnd } from './faults.ts';
import { type Life, mortalClient } from './mortal-client.ts';
import { newestRecord, type Site, serve, versionOf } from './runs.ts';
import { seeNamespace } from './seen.ts';
import type { Scene, Stage } from './stages.ts';

/** A formation that is released again and again. */
export interface Formation extends Site {
  /** The version that serves. */
  version: number;
  /** The newest version that was ever tried. */
  tried: number;
}

/** What became of one release. */
export interface Tried {
  readonly stage: Stage['name'];
  /** At which write it died; undefined if it had fewer. */
  readonly died: string | undefined;
  /** How many writes the run made, at least. */
  readonly writes: number;
  readonly faults: readonly string[];
  /** The requests of the runs that followed the kill. */
  readonly after: Life;
  readonly seconds: number;
}

export interface Means {
  readonly client: ClusterClient;
  readonly random: () => number;
  /** At which write to die. */
  readonly at: number;
  /** At which write of the commit an undo interrupts it. */
  readonly atCommit: number;
}

export async function newFormation(client: ClusterClient, repository: string): Promise<Formation> {
  const namespace = await createNamespace(client, `steps-${randomUUID().slice(0, 8)}`);
  await serve(client, { namespace, repository });
  return { namespace, repository, version: 1, tried: 1 };
}

/** One release that is killed, and carried to its end. */
export async function tryKill(formation: Formation, stage: Stage, means: Means): Promise<Tried> {
  const { client, random } = means;
  const { namespace, repository } = formation;
  // Three further each time, so that even and odd versions alternate, and there is one between them.
  formation.tried += 3;
  const scene: Scene = {
    ...{ client, namespace, repository, number: formation.tried, random },
    interrupt: run => dying(scene, means.atCommit, run).then(() => {}),
  };
  const before = { ...(await seeNamespace(client, namespace)), version: formation.version };
  const { number: newest } = await newestRecord(client, namespace);
  const isThere = await stage.prepare(scene);
  const life = isThere ? await dying(scene, means.at, mortal => stage.run(mortal, scene)) : undefined;
  const early = await faultsAfterKill(client, namespace, before);
  const began = performance.now();
  const after = mortalClient(client);
  // A commit that was to be undone may have come to its end before.
  const ended = isThere ? stage.name : 'commit';
  const { end, faults } = await converge({ ...scene, client: after.client }, ended, newest);
  const seconds = (performance.now() - began) / 1000;
  const record = await newestRecord(client, namespace);
  if (end.verdict === 'succeeded' && record.number !== newest) formation.version = versionOf(record);
  const late = await faultsAtEnd(client, formation, before, { ...end, version: formation.version });
  return {
    ...{ stage: stage.name, seconds, after: after.life, writes: life?.writes ?? 0 },
    died: life?.isOver === true ? life.last : undefined,
    faults: [...early, ...faults, ...late],
  };
}

/** Runs something that dies at its n-th write, and lets its lock expire. */
async function dying(
  { client, namespace, random }: Scene,
  at: number,
  run: (client: ClusterClient) => Promise<unknown>,
): Promise<Life> {
  const mortal = mortalClient(client, { at, isSent: random() < 0.5 });
  try {
    await run(mortal.client);
  } catch (error) {
    if (!mortal.life.isOver) throw error;
  }
  const name = `slipway.${APPLICATION}.${FORMATION}`;
  if (mortal.life.isOver)
    await client.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name });
  return mortal.life;
}
