import { createProgress } from '@slipway/testbed/progress';
import { type Stage, setStage } from '../../demo/stage.ts';

/** A testbed for one test file; what cannot be built or started is said in the test's output. */
export async function stageForTests(): Promise<Stage> {
  return await setStage({
    surroundings: {
      environment: process.env,
      progress: createProgress({ line: text => void process.stderr.write(`${text}\n`) }),
      now: () => new Date(),
    },
  });
}

/** An object in the cluster. */
export interface LiveObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into specs and statuses of many kinds
  readonly spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly status: any;
}

/** Objects of a kind in a namespace, by name. */
export async function liveObjects(
  stage: Stage,
  kind: string,
  namespace: string,
): Promise<Map<string, LiveObject>> {
  const text = await stage.kubectl('get', kind, '--namespace', namespace, '--output', 'json');
  const { items } = JSON.parse(text) as { items: LiveObject[] };
  return new Map(items.map(item => [item.metadata.name, item]));
}

/** The only container's image of a workload. */
export async function liveImage(
  stage: Stage,
  kind: string,
  name: string,
  namespace: string,
): Promise<string> {
  const live = (await liveObjects(stage, kind, namespace)).get(name);
  return live?.spec.template.spec.containers[0].image;
}

/** The digest that a tag names in the testbed's registry; undefined if there is no such tag. */
export async function digestOfTag(
  stage: Stage,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const answer = await fetch(`http://${stage.registry}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: ['application/vnd.oci.image.index.v1+json', 'application/vnd.oci.image.manifest.v1+json'].join(
        ', ',
      ),
    },
  });
  return answer.ok ? (answer.headers.get('docker-content-digest') ?? undefined) : undefined;
}
