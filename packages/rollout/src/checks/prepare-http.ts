import { didYouMean, type HttpCheck, quote, SlipwayError } from '@slipway/core';
import {
  formatSelector,
  type KubernetesObject,
  numberAt,
  objectAt,
  objectsAt,
  parseSelector,
  textAt,
} from '@slipway/kubernetes';
import type { RunnableCheck } from '../check-runs/runnable-check.ts';
import { type PodSecrets, readPodSecrets } from '../evidence/pod-secrets.ts';
import { httpCheck } from './http-check.ts';
import type { CheckSurroundings, Refuse } from './surroundings.ts';

/** Headers that the API server interprets itself. */
const NOT_FOR_SERVICES =
  /^(?:authorization|host|connection|content-length|transfer-encoding|impersonate-.*|x-remote-.*)$/i;

/** A check of an endpoint, if its Service is part of the release. */
export async function prepareHttp(
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
      `asks the Service ${quote(check.service)}, which is not part of the release`,
      didYouMean(check.service, services) ||
        `choose among ${services.map(quote).join(', ') || 'none: the release has no Service'}`,
    );
  const header = Object.keys(check.headers ?? {}).find(key => NOT_FOR_SERVICES.test(key));
  if (header !== undefined)
    return refuse(`sends the header ${quote(header)}, which the API server interprets itself`, 'remove it');
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

/** The secrets of a Service's pods, which all use the same Secrets. */
async function secretsBehind(
  service: KubernetesObject | undefined,
  { client, namespace }: CheckSurroundings,
): Promise<PodSecrets> {
  const labelSelector = formatSelector(parseSelector(service && objectAt(service, 'spec', 'selector'), true));
  if (labelSelector === '') return { unreadable: 'it has no selector' };
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

/** At most two revisions have pods at the same time. */
const MAX_PODS = 5;
