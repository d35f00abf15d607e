import {
  type Check,
  type Clock,
  didYouMean,
  type HttpCheck,
  isKubernetesObject,
  type JobCheck,
  type KubernetesObject,
  type Logger,
  type ObjectReference,
  type Problem,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { RolloutErrorCode } from '../error-codes.ts';
import { type PodSecrets, readPodSecrets } from '../evidence/pod-secrets.ts';
import type { CheckCluster } from '../rollout.ts';
import { booleanAt, numberAt, objectAt, objectsAt, textAt } from '../status/fields.ts';
import type { RunnableCheck } from './check.ts';
import { httpCheck } from './http-check.ts';
import { jobCheck } from './job-check.ts';
import { askPrometheus, type PrometheusAddress } from './prometheus/ask.ts';
import type { AskPrometheus } from './prometheus/client.ts';
import { prometheusCheck } from './prometheus/prometheus-check.ts';
import { missingRights } from './rights.ts';
import { type CheckWords, fillWords } from './words.ts';

export interface CheckSurroundings {
  readonly client: CheckCluster;
  readonly namespace: string;
  /** What is being verified: a check asks a Service of it and no other. */
  readonly objects: readonly ObjectReference[];
  /** The release's manifests, of which a Job may be run. */
  readonly manifests: readonly KubernetesObject[];
  readonly prometheus?: PrometheusAddress | undefined;
  readonly words: CheckWords;
  /** When the release began. */
  readonly released: Date;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Refuse = (message: string, remedy: string) => undefined;

/**
 * Checks that can be run, with all they need in place.
 * @throws SlipwayError `check-invalid`, `check-forbidden`: all that is wrong with any of them
 */
export async function prepareChecks(
  checks: readonly Check[],
  surroundings: CheckSurroundings,
): Promise<readonly RunnableCheck[]> {
  const problems: Problem<RolloutErrorCode>[] = [...duplicates(checks)];
  const ask = checks.some(({ prometheus }) => prometheus !== undefined) ? askerOf(surroundings) : undefined;
  const prepared = await Promise.all(
    checks.map(async check => {
      const refuse: Refuse = (message, remedy) => {
        problems.push({ code: 'check-invalid', message: `check ${quote(check.name)} ${message}`, remedy });
        return undefined;
      };
      const known = Object.keys(surroundings.words);
      const filled = fillWords(check, surroundings.words, word =>
        refuse(
          `has the word ${quote(word)}, which stands for nothing here`,
          didYouMean(word, known) || `known here: ${known.join(', ')}`,
        ),
      );
      return await prepare(filled, surroundings, ask, refuse);
    }),
  );
  problems.push(...(await missingRights(checks, surroundings)));
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<RolloutErrorCode>([first, ...others]);
  return prepared.filter(check => check !== undefined);
}

function duplicates(checks: readonly Check[]): Problem<RolloutErrorCode>[] {
  const names = checks.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map(name => ({
    code: 'check-invalid',
    message: `two checks are called ${quote(name)}`,
    remedy: 'rename one of them',
  }));
}

function askerOf({ prometheus, client }: CheckSurroundings): AskPrometheus | undefined {
  return prometheus && askPrometheus(prometheus, client);
}

async function prepare(
  { name, http, job, prometheus }: Check,
  surroundings: CheckSurroundings,
  ask: AskPrometheus | undefined,
  refuse: Refuse,
): Promise<RunnableCheck | undefined> {
  if (http !== undefined) return await prepareHttp(name, http, surroundings, refuse);
  if (job !== undefined) return prepareJob(name, job, surroundings, refuse);
  if (prometheus === undefined) return refuse('looks at nothing', 'give it http, job or prometheus');
  if (ask === undefined)
    return refuse(
      'asks Prometheus, whose address is not known',
      'give the input "prometheus", such as https://prometheus.acme.io',
    );
  return prometheusCheck(name, prometheus, { ...surroundings, ask });
}

/** Headers that the API server would take for its own. */
const NOT_FOR_SERVICES =
  /^(?:authorization|host|connection|content-length|transfer-encoding|impersonate-.*|x-remote-.*)$/i;

async function prepareHttp(
  name: string,
  check: HttpCheck,
  surroundings: CheckSurroundings,
  refuse: Refuse,
): Promise<RunnableCheck | undefined> {
  const { client, namespace, clock } = surroundings;
  const services = surroundings.objects
    .filter(
      object => object.kind === 'Service' && object.apiVersion === 'v1' && object.namespace === namespace,
    )
    .map(object => object.name);
  if (!services.includes(check.service))
    return refuse(
      `asks the Service ${quote(check.service)}, which is not of the release`,
      didYouMean(check.service, services) ||
        `choose among ${services.map(quote).join(', ') || 'none: the release has no Service'}`,
    );
  const header = Object.keys(check.headers ?? {}).find(key => NOT_FOR_SERVICES.test(key));
  if (header !== undefined)
    return refuse(`sends the header ${quote(header)}, which the API server takes for itself`, 'remove it');
  const service = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: check.service });
  const port = check.port ?? (service && firstPort(service));
  return httpCheck(name, port === undefined ? check : { ...check, port }, {
    client,
    namespace,
    clock,
    readSecrets: () => secretsBehind(service, surroundings),
  });
}

function firstPort(service: KubernetesObject): string | number | undefined {
  const [port] = objectsAt(service, 'spec', 'ports');
  return port && (textAt(port, 'name') ?? numberAt(port, 'port'));
}

/** Pods of a Service are alike in the Secrets that they use. */
async function secretsBehind(
  service: KubernetesObject | undefined,
  { client, namespace }: CheckSurroundings,
): Promise<PodSecrets> {
  const selector = Object.entries(service ? (objectAt(service, 'spec', 'selector') ?? {}) : {});
  if (selector.length === 0) return { unreadable: 'it has no selector' };
  const labelSelector = selector.map(([key, value]) => `${key}=${String(value)}`).join(',');
  try {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
    const read = await Promise.all(items.slice(0, MAX_PODS).map(pod => readPodSecrets(client, pod)));
    const unreadable = read.find(found => 'unreadable' in found);
    return unreadable ?? { forms: read.flatMap(found => ('forms' in found ? found.forms : [])) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { unreadable: 'its pods cannot be read' };
  }
}

/** Of several revisions there are two at most. */
const MAX_PODS = 5;

/** On a Job of a release: the digest of the rendered Job that it is named by. */
const CONTENT = 'slipway.dev/content';

function prepareJob(
  name: string,
  check: JobCheck,
  surroundings: CheckSurroundings,
  refuse: Refuse,
): RunnableCheck | undefined {
  if (check.manifest !== undefined) return prepareManifest(name, check, surroundings, refuse);
  const jobs = surroundings.manifests.filter(isJob);
  const wanted = check.name ?? '';
  const found = jobs.find(job => ownName(job) === wanted);
  if (found === undefined)
    return refuse(
      `runs the Job ${quote(wanted)}, which is not of the release`,
      didYouMean(wanted, jobs.map(ownName)) ||
        `choose among ${jobs.map(ownName).map(quote).join(', ') || 'none: the release has no Job'}`,
    );
  if (booleanAt(found, 'spec', 'suspend') !== true)
    return refuse(
      `runs the Job ${quote(wanted)}, which has run already`,
      'write "suspend: true" into the spec of the Job',
    );
  const { metadata } = found;
  return jobCheck(name, check, { ...found, metadata: { ...metadata, name: wanted } }, surroundings);
}

function prepareManifest(
  name: string,
  check: JobCheck,
  surroundings: CheckSurroundings,
  refuse: Refuse,
): RunnableCheck | undefined {
  const manifest: unknown = check.manifest;
  if (check.name !== undefined) return refuse('has both a name and a manifest of a Job', 'keep one of them');
  if (!isKubernetesObject(manifest) || !isJob(manifest))
    return refuse(
      'has a manifest that is no Job',
      'write apiVersion: batch/v1, kind: Job, metadata.name and spec',
    );
  const own = textAt(manifest, 'metadata', 'namespace') ?? surroundings.namespace;
  if (own !== surroundings.namespace)
    return refuse(
      `has a Job for the namespace ${quote(own)}`,
      'leave the namespace out: it runs where the release is',
    );
  return jobCheck(name, check, manifest, surroundings);
}

function isJob({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'Job' && apiVersion === 'batch/v1';
}

/** As the stencil has it: a release gives each Job the start of its content's digest behind its name. */
function ownName(job: KubernetesObject): string {
  const content = textAt(job, 'metadata', 'annotations', CONTENT);
  const suffix = content === undefined ? '' : `-${content.slice(0, 10)}`;
  return suffix !== '' && job.metadata.name.endsWith(suffix)
    ? job.metadata.name.slice(0, -suffix.length)
    : job.metadata.name;
}
