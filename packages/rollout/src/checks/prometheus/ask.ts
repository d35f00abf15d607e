import { defined, SlipwayError } from '@slipway/core';
import type { RolloutErrorCode } from '../../error-codes.ts';
import type { CheckCluster } from '../../rollout.ts';
import type { AskPrometheus } from './client.ts';

/** The most bytes of an answer that are read; a hundred series of an hour need a tenth of it. */
const MAX_BYTES = 8 * 1024 * 1024;

export interface PrometheusAddress {
  /** `https://prometheus.acme.io/base`, or `service:<namespace>/<name>:<port>` for one that only the cluster reaches. */
  readonly address: string;
  /** Sent as a bearer token, to this address only. */
  readonly token: string;
}

const IN_CLUSTER = /^service:([a-z0-9-]{1,63})\/([a-z0-9-]{1,63})(?::([a-z0-9-]{1,15}))?(\/.*)?$/;

/** @throws SlipwayError `check-invalid` for a text that is neither an HTTP address nor one of a Service */
export function requirePrometheusAddress(address: string): void {
  const isHttp = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (!isHttp && !IN_CLUSTER.test(address)) throw invalidAddress();
}

/** @throws SlipwayError `check-invalid` for an invalid address */
export function askPrometheus(
  { address, token }: PrometheusAddress,
  client: Pick<CheckCluster, 'askService'>,
): AskPrometheus {
  requirePrometheusAddress(address);
  const inCluster = IN_CLUSTER.exec(address);
  if (inCluster !== null) return throughCluster(inCluster, client);
  return directly(new URL(address), token);
}

function throughCluster(
  [, namespace = '', service = '', port = '', base = '']: RegExpExecArray,
  client: Pick<CheckCluster, 'askService'>,
): AskPrometheus {
  const target = { namespace, service, port, scheme: 'http', headers: {}, limitBytes: MAX_BYTES } as const;
  return (path, signal) =>
    client.askService({ ...target, path: `${base.replace(/\/$/, '')}${path}` }, signal);
}

function directly(address: URL, token: string): AskPrometheus {
  const { origin, pathname, username, password } = address;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  const authorization = token !== '' ? `Bearer ${token}` : username !== '' ? `Basic ${basic}` : undefined;
  return async (path, signal) => {
    const response = await fetch(`${origin}${pathname.replace(/\/$/, '')}${path}`, {
      headers: {
        Accept: 'application/json',
        ...defined({ Authorization: authorization }),
      },
      // A redirect must not send the token to another server.
      redirect: 'manual',
      signal,
    });
    return { status: response.status, text: await readText(response) };
  };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`its answer is larger than ${MAX_BYTES / 1024 ** 2} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function invalidAddress(): SlipwayError<RolloutErrorCode> {
  return new SlipwayError({
    code: 'check-invalid',
    // The message does not quote the address, which may contain a password.
    message: 'input "prometheus" is not an address',
    remedy:
      'write https://prometheus.acme.io, or service:monitoring/prometheus:9090 for one that only the cluster can reach',
  });
}
