import { SlipwayError } from '@slipway/core';
import type { RolloutCluster } from '../rollout.ts';
import { namespaceOf } from '../status/fields.ts';
import type { Culprit } from '../status/status.ts';
import { oneLine } from '../text.ts';
import { type Evidence, quoted } from './evidence.ts';
import { mask, maskCutEnd } from './mask.ts';
import { plainLine } from './neutralise.ts';
import type { PodSecrets } from './pod-secrets.ts';

export const LOG_TITLE = 'Last log lines';

/** Lines asked for, lines shown, and the most that is read: an application may write ten megabytes without a line break. */
const LINES_READ = 200;
const LINES_SHOWN = 20;
const BYTES_READ = 1024 * 1024;
const LONGEST_LINE = 500;

/** The last lines of a container's present and previous run, without the secrets that the pod knows. */
export async function logEvidence(
  client: Pick<RolloutCluster, 'logs'>,
  { pod, container }: Culprit,
  secrets: PodSecrets,
): Promise<readonly Evidence[]> {
  if (container === undefined) return [];
  const title = `${LOG_TITLE} of container ${container} of pod ${pod.metadata.name}`;
  if ('unreadable' in secrets)
    return [{ title, lines: [`not shown: its Secrets cannot be read to mask them (${secrets.unreadable})`] }];
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

/** Words by which a line gives itself away as the one that matters. */
const TELLING = /error|fatal|panic|exception|cannot|refused|denied|missing|failed/i;

function shown(title: string, lines: readonly string[] | undefined): Evidence {
  if (lines === undefined) return { title, lines: ['not shown: the node removed it with the container'] };
  if (lines.length === 0) return { title, lines: ['it wrote nothing'] };
  const telling = lines.findLast(line => TELLING.test(line)) ?? lines.at(-1) ?? '';
  return { title, lines, lastWords: quoted('after it said', telling) };
}

/**
 * What the kubelet answers, as if it were the log and with status 200, when the container is gone:
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_logs.go
 */
const REMOVED = /^unable to retrieve container logs for \S+$/;

/** Undefined where the node has the log no more. */
async function readLines(
  client: Pick<RolloutCluster, 'logs'>,
  { pod, container }: Pick<Required<Culprit>, 'pod' | 'container'>,
  previous: boolean,
  forms: readonly string[],
): Promise<readonly string[] | undefined> {
  const text = await client.logs({
    namespace: namespaceOf(pod),
    pod: pod.metadata.name,
    container,
    previous,
    tailLines: LINES_READ,
    limitBytes: BYTES_READ,
  });
  return REMOVED.test(text.trim()) ? undefined : lastLines(text, forms);
}

/** Masked whole, then cut into lines, then cut to size. */
export function lastLines(text: string, forms: readonly string[]): readonly string[] {
  const masked = mask(text, forms);
  const whole = Buffer.byteLength(text) >= BYTES_READ ? maskCutEnd(masked, forms) : masked;
  return (
    whole
      .split(/\r\n|\r|\n/)
      // Again, since colours inside a secret hid it the first time.
      .map(line => mask(plainLine(line), forms))
      .filter(line => line.trim() !== '')
      .slice(-LINES_SHOWN)
      .map(line => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
  );
}

function reason(error: unknown): string {
  return error instanceof SlipwayError ? oneLine(error.problems[0]?.message ?? '') : 'no answer';
}
