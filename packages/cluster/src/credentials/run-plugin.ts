import type { RequestOptions } from 'node:https';
import type { Cluster, User } from '@kubernetes/client-node';
import { isJsonObject, quote, SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';

/** Runs a program to its end; rejects if it does not exist. Actions pass the runner's way of starting processes. */
export type RunPlugin = (
  command: string,
  args: readonly string[],
  options: { readonly environment: Readonly<Record<string, string>>; readonly directory: string },
) => Promise<{ readonly exitCode: number; readonly stdout: string }>;

interface PluginContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Outside the workspace, so that a relative command does not run a file of the checkout. */
  readonly directory: string;
  readonly run: RunPlugin;
  readonly cluster: () => Cluster | null;
}

interface ExecSection {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

interface Credential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

const PROVIDER = 'slipway-exec';

/**
 * The environment variables that a credential plugin gets: those by which it finds programs, its files and its cloud. It does not
 * get the inputs, the job's tokens or the secrets of the release; the kubeconfig's `env` adds what else it needs.
 */
const PASSED_ON =
  /^(?:PATH|HOME|USER|LANG|TMPDIR|TZ|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO|ALL)_PROXY|https?_proxy|no_proxy|all_proxy|(?:AWS|AZURE|ARM|GOOGLE|CLOUDSDK|GCP|OCI|KUBE)_?[A-Z0-9_]*)$/;

export function scrubbedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && PASSED_ON.test(entry[0]),
    ),
  );
}

/**
 * An authenticator that runs client-go credential plugins.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function credentialPlugin(context: PluginContext) {
  const known = new Map<string, Credential>();
  const credentialOf = async (user: User): Promise<Credential> => {
    const cached = known.get(user.name);
    if (cached !== undefined && !isExpired(cached, Date.now())) return cached;
    const credential = await runExec((user.authProvider as { config: ExecSection }).config, context);
    known.set(user.name, credential);
    return credential;
  };
  return {
    /** The user with its `exec` moved to where only this authenticator finds it. */
    takeOver(user: User): User {
      const { exec, ...others } = user;
      return exec === undefined || exec === null
        ? user
        : { ...others, authProvider: { name: PROVIDER, config: exec } };
    },
    authenticator: {
      isAuthProvider: (user: User): boolean => user.authProvider?.name === PROVIDER,
      async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
        const credential = await credentialOf(user);
        if (credential.clientCertificateData !== undefined) options.cert = credential.clientCertificateData;
        if (credential.clientKeyData !== undefined) options.key = credential.clientKeyData;
        if (credential.token !== undefined)
          options.headers = { ...options.headers, Authorization: `Bearer ${credential.token}` };
      },
    },
  };
}

function isExpired({ expirationTimestamp }: Credential, now: number): boolean {
  return expirationTimestamp !== undefined && Date.parse(expirationTimestamp) <= now;
}

async function runExec(exec: ExecSection, context: PluginContext): Promise<Credential> {
  const own = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const environment = {
    ...scrubbedEnvironment(context.environment),
    ...own,
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(exec, context.cluster())),
  };
  const result = await context
    .run(exec.command, exec.args ?? [], { environment, directory: context.directory })
    .catch((cause: unknown) => {
      throw pluginFailed(exec, 'cannot be run', cause);
    });
  if (result.exitCode !== 0) throw pluginFailed(exec, `failed with exit code ${result.exitCode}`);
  return parseCredential(exec, result.stdout);
}

function execInfo(exec: ExecSection, cluster: Cluster | null): object {
  const about =
    exec.provideClusterInfo === true && cluster !== null
      ? { cluster: { server: cluster.server, 'certificate-authority-data': cluster.caData } }
      : {};
  return {
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, ...about },
  };
}

function parseCredential(exec: ExecSection, output: string): Credential {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // Without the cause: the output may hold the token.
    throw pluginFailed(exec, 'did not print an ExecCredential');
  }
  if (!isJsonObject(answer) || !isJsonObject(answer['status']))
    throw pluginFailed(exec, 'printed an ExecCredential without status');
  return answer['status'] as Credential;
}

function pluginFailed(exec: ExecSection, what: string, cause?: unknown): SlipwayError<ClusterErrorCode> {
  return new SlipwayError(
    {
      code: 'kubeconfig-plugin',
      message: `the kubeconfig's credential plugin ${quote(String(exec.command))} ${what}`,
      remedy:
        'install it on the runner and give it what it needs in the env of its kubeconfig entry, or use a token',
    },
    { cause },
  );
}
