/** A pod, as far as it is asked. */
interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP?: string };
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly ports?: readonly { readonly containerPort: number }[];
    }[];
  };
}

const SECONDS = 60;

/** What one pod of each workload says to `GET /` with a browser's headers: the status, or why there is none. */
export async function answersOf(
  namespace: string,
  kubectl: (...args: readonly string[]) => Promise<string>,
): Promise<readonly string[]> {
  const listed = await kubectl('get', 'pods', '--namespace', namespace, '--output', 'json');
  const { items } = JSON.parse(listed) as { items: readonly Pod[] };
  const first = new Map(items.map(pod => [pod.spec.containers[0]?.name ?? '', pod]));
  return await Promise.all([...first].map(async ([name, pod]) => `${name} ${await statusOf(pod)}`));
}

async function statusOf({ spec, status }: Pod): Promise<string> {
  const port = spec.containers[0]?.ports?.[0]?.containerPort ?? 80;
  const signal = AbortSignal.timeout(SECONDS * 1000);
  return await fetch(`http://${status.podIP}:${port}/`, { signal, redirect: 'manual' }).then(
    answer => `${answer.status}`,
    (error: Error) => (error.name === 'TimeoutError' ? `no answer in ${SECONDS} s` : 'speaks no HTTP'),
  );
}
