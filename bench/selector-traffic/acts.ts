import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TestbedCluster } from '@slipway/testbed';
import { deployment, selectorFor, service, type Track, type Variant } from './objects.ts';

const run = promisify(execFile);

/** An act, and the time until the next one that is looked at with it. Milliseconds since 1970. */
export interface Act {
  readonly name: string;
  readonly began: number;
  /** When the API server had accepted it. */
  readonly accepted: number;
  ended: number;
}

/** Does to an application's Deployments and Service what a release in steps will do, by kubectl, and notes when. */
export class Director {
  readonly acts: Act[] = [];
  readonly #cluster: TestbedCluster;
  readonly #image: string;
  readonly #variant: Variant;

  constructor(cluster: TestbedCluster, image: string, variant: Variant) {
    this.#cluster = cluster;
    this.#image = image;
    this.#variant = variant;
  }

  async prepare(): Promise<string> {
    await this.#kubectl('create', 'namespace', this.#variant.name);
    await this.#apply(this.#deployment('stable', 'v1', 4), service('api', selectorFor('both')));
    await this.#ready('api');
    return await this.#kubectl('get', 'service', 'api', '--output=jsonpath={.spec.clusterIP}');
  }

  /** A second copy comes and goes, by weights of 1 of 5, 2 of 6 and 4 of 8. */
  async canary(): Promise<void> {
    await this.#act('narrow', 8, () => this.#select('stable'));
    await this.#act('bring the copy (1 pod)', 8, () => this.#bring(1));
    await this.#act('widen: 1 of 5 pods', 20, () => this.#select('both'));
    await this.#act('grow: 2 of 6 pods', 20, () => this.#scale(2));
    await this.#act('grow: 4 of 8 pods', 20, () => this.#scale(4));
    await this.#act('narrow again', 60, () => this.#select('stable'));
    await this.#act('delete the copy', 25, () => this.#remove());
  }

  /** What a commit does: stable is rolled while the copy keeps its share. */
  async commit(): Promise<void> {
    await this.#act('bring the copy (2 pods), then widen', 12, async () => {
      await this.#bring(2);
      await this.#select('both');
    });
    await this.#act('roll stable while the copy serves', 20, async () => {
      await this.#apply(this.#deployment('stable', 'v2', 4));
      await this.#ready('api');
    });
    await this.#act('narrow after the roll', 12, () => this.#select('stable'));
    await this.#act('delete the copy after the roll', 25, () => this.#remove());
  }

  /** The same with the copy out of the Service before the roll. */
  async commitNarrowed(): Promise<void> {
    await this.#act('bring the copy (2 pods), widen, then narrow', 8, async () => {
      await this.#bring(2);
      await this.#select('both');
      await this.#select('stable');
    });
    await this.#act('roll stable with the copy left out', 15, async () => {
      await this.#apply(this.#deployment('stable', 'v3', 4));
      await this.#ready('api');
    });
    await this.#act('delete the copy that was left out', 15, () => this.#remove());
  }

  /** Blue/green: all new connections to the other side, in one write each. */
  async switch(): Promise<void> {
    await this.#act('narrow and bring a full copy (4 pods)', 10, async () => {
      await this.#select('stable');
      await this.#bring(4);
    });
    await this.#act('switch to the copy in one write', 20, () => this.#select('next'));
    await this.#act('switch back in one write', 20, () => this.#select('stable'));
    await this.#act('delete the full copy', 25, () => this.#remove());
  }

  async #act(name: string, seconds: number, work: () => Promise<unknown>): Promise<void> {
    const began = Date.now();
    await work();
    const act: Act = { name, began, accepted: Date.now(), ended: 0 };
    this.acts.push(act);
    await wait(seconds * 1000);
    act.ended = Date.now();
  }

  async #bring(replicas: number): Promise<void> {
    const next = service('api-next', selectorFor('next'));
    await this.#apply(this.#deployment('next', 'next', replicas), next);
    await this.#ready('api-next');
  }

  async #scale(replicas: number): Promise<void> {
    await this.#kubectl('scale', 'deployment/api-next', `--replicas=${replicas}`);
    await this.#ready('api-next');
  }

  async #remove(): Promise<void> {
    await this.#kubectl('delete', 'deployment/api-next', 'service/api-next', '--wait=false');
  }

  async #select(tracks: Track | 'both'): Promise<void> {
    const patch = JSON.stringify({ spec: { selector: selectorFor(tracks) } });
    await this.#kubectl('patch', 'service', 'api', '--type=merge', `--patch=${patch}`);
  }

  #deployment(track: Track, version: string, replicas: number): object {
    return deployment(track, version, replicas, this.#image, this.#variant);
  }

  async #ready(name: string): Promise<void> {
    await this.#kubectl('rollout', 'status', `deployment/${name}`, '--timeout=300s');
  }

  async #apply(...objects: object[]): Promise<void> {
    const applied = this.#start('apply', '--server-side', '--filename=-');
    applied.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await applied;
  }

  async #kubectl(...args: string[]): Promise<string> {
    return (await this.#start(...args)).stdout;
  }

  #start(...args: string[]) {
    const { kubectl, kubeconfig } = this.#cluster;
    return run(kubectl, [`--kubeconfig=${kubeconfig}`, `--namespace=${this.#variant.name}`, ...args]);
  }
}
