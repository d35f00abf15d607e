import { SlipwayError } from '@slipway/core';
import { type KubernetesObject, namespaceOf, objectsAt, WRITTEN_CONTAINER_LISTS } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';
import type { Culprit } from '../status/status.ts';
import { oneLine } from '../text.ts';
import { type Evidence, quoted } from './evidence.ts';
import { mask, maskCutEnd, maskCutStart } from './mask.ts';
import { plainLine } from './neutralise.ts';
import { hiddenLog, type PodSecrets, readPodSecrets } from './pod-secrets.ts';

export const LOG_TITLE = 'Last log lines';

/** Lines requested, lines shown, and the most bytes that are read: an application may write ten megabytes without a line break. */
const LINES_READ = 200;
const LINES_SHOWN = 20;
const BYTES_READ = 1024 * 1024;
const LONGEST_LINE = 500;

/**
 * Container runtimes break long lines into records of this many bytes at least, and the kubelet counts records when it is asked
 * for lines: https://github.com/containerd/containerd/blob/v2.1.0/internal/cri/config/config.go (max_container_log_line_size, 16 KB),
 * and half of it in CRI-O.
 */
const RECORD_BYTES = 8 * 1024;
/** If there is more than `BYTES_READ`, only the beginning is read; so many records of 16 KB are always less. */
const LINES_OF_LONG = 50;

/** The last lines of a container's current and previous run, without the pod's secrets. */
export async function logEvidence(
  client: Pick<RolloutCluster, 'logs'>,
  { pod, container }: Culprit,
  secrets: PodSecrets,
): Promise<readonly Evidence[]> {
  if (container === undefined) return [];
  const title = `${LOG_TITLE} of container ${container} of pod ${pod.metadata.name}`;
  const hidden = hiddenLog(secrets);
  if (hidden !== undefined || !('forms' in secrets)) return [{ title, lines: [hidden ?? ''] }];
  const read = (previous: boolean) => readLines(client, { pod, container }, previous, secrets.forms);
  const before = read(true).catch(() => undefined);
  try {
    const [present, previous] = await Promise.all([read(false), before]);
    const repeats = !previous?.length || previous.join('\n') === present?.join('\n');
    return [
      ...(repeats || previous === undefined ? [] : [shown(`${title}, its previous run`, previous)]),
      shown(title, present),
    ];
  } catch (error) {
    return [{ title, lines: [`not shown: ${reason(error)}`] }];
  }
}

/** The log of one container of a pod, for people. */
export interface ContainerLog {
  readonly container: string;
  /** Plain text without the pod's secrets; where it cannot be shown, why. */
  readonly lines: readonly string[];
}

/**
 * The end of the log of every container of a pod that has run, without the pod's secrets.
 * @param shown how many lines of each at most
 */
export async function readPodLogs(
  client: Pick<RolloutCluster, 'get' | 'logs'>,
  pod: KubernetesObject,
  shown: number,
): Promise<readonly ContainerLog[]> {
  return await ofEachContainer(client, pod, WRITTEN_CONTAINER_LISTS, async (container, secrets) => {
    const hidden = hiddenLog(secrets);
    if (hidden !== undefined || !('forms' in secrets)) return { container, lines: [hidden ?? ''] };
    const lines = await readLines(client, { pod, container }, false, secrets.forms, shown).catch(
      (error: unknown) => [`not shown: ${reason(error)}`],
    );
    return { container, lines: lines ?? [REMOVED_BY_NODE] };
  });
}

/** The last lines of a pod's containers, as evidence; of those that ran before them there is none. */
export async function podLogEvidence(
  client: Pick<RolloutCluster, 'get' | 'logs'>,
  pod: KubernetesObject,
): Promise<readonly Evidence[]> {
  const logs = await ofEachContainer(client, pod, ['containers'], (container, secrets) =>
    logEvidence(client, { pod, container }, secrets),
  );
  return logs.flat();
}

/** What `read` makes of each container of these lists. The secrets that the pod's logs must not show are read once. */
async function ofEachContainer<Log>(
  client: Pick<RolloutCluster, 'get'>,
  pod: KubernetesObject,
  lists: readonly string[],
  read: (container: string, secrets: PodSecrets) => Promise<Log>,
): Promise<readonly Log[]> {
  const secrets = await readPodSecrets(client, pod);
  const containers = lists.flatMap(list => objectsAt(pod, 'spec', list));
  return await Promise.all(containers.map(({ name }) => read(typeof name === 'string' ? name : '', secrets)));
}

const REMOVED_BY_NODE = 'not shown: the node removed it with the container';

/** Words that mark a line as the one that matters. */
const TELLING = /error|fatal|panic|exception|cannot|refused|denied|missing|failed/i;

function shown(title: string, lines: readonly string[] | undefined): Evidence {
  if (lines === undefined) return { title, lines: [REMOVED_BY_NODE] };
  if (lines.length === 0) return { title, lines: ['the log is empty'] };
  const telling = lines.findLast(line => TELLING.test(line)) ?? lines.at(-1) ?? '';
  return { title, lines, lastWords: quoted('after logging', telling) };
}

/**
 * What the kubelet answers with status 200, in place of the log, when the container has been removed:
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_logs.go
 */
const REMOVED = /^unable to retrieve container logs for \S+$/;

/** Undefined where the node no longer has the log. */
async function readLines(
  client: Pick<RolloutCluster, 'logs'>,
  { pod, container }: Pick<Required<Culprit>, 'pod' | 'container'>,
  previous: boolean,
  forms: readonly string[],
  most = LINES_SHOWN,
): Promise<readonly string[] | undefined> {
  const read = (tailLines: number) =>
    client.logs({
      namespace: namespaceOf(pod),
      pod: pod.metadata.name,
      container,
      previous,
      tailLines,
      limitBytes: BYTES_READ,
    });
  const text = await read(LINES_READ);
  if (REMOVED.test(text.trim())) return undefined;
  return isCut(text)
    ? lastLines(await read(LINES_OF_LONG), forms, LINES_OF_LONG, most)
    : lastLines(text, forms, LINES_READ, most);
}

function isCut(text: string): boolean {
  return Buffer.byteLength(text) >= BYTES_READ;
}

/**
 * Masked whole, then cut into lines, then cut to size.
 * @param asked for how many lines the kubelet was asked
 */
export function lastLines(
  text: string,
  forms: readonly string[],
  asked = LINES_READ,
  most = LINES_SHOWN,
): readonly string[] {
  const masked = mask(text, forms);
  const ended = isCut(text) ? maskCutEnd(masked, forms) : masked;
  const whole = mayBeginInside(text, asked) ? maskCutStart(ended, forms) : ended;
  return (
    whole
      .split(/\r\n|\r|\n/)
      // Masked again, since colours inside a secret hid it the first time.
      .map(line => mask(plainLine(line), forms))
      .filter(line => line.trim() !== '')
      .slice(-most)
      .map(line => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
  );
}

/** Whether there are as many records as requested, so that the first may be the rest of a line. */
function mayBeginInside(text: string, asked: number): boolean {
  const records = text
    .trimEnd()
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / RECORD_BYTES)), 0);
  return records >= asked;
}

function reason(error: unknown): string {
  return error instanceof SlipwayError ? oneLine(error.problems[0]?.message ?? '') : 'no answer';
}
