import { readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { quote, SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';
import { credentialPlugin, type RunPlugin } from './exec-plugin.ts';
import { readTokenFiles, tokenFileAuthenticator } from './token-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the kubeconfig is, and how its credential plugins are run. */
export interface KubeconfigSource {
  /** Content, a path, `in-cluster`, or empty for KUBECONFIG. */
  readonly kubeconfig: string;
  /** Empty if the kubeconfig has only one context. */
  readonly context: string;
  readonly environment: Environment;
  /** An absolute path; a kubeconfig inside is refused. */
  readonly workspace: string;
  readonly runPlugin: RunPlugin;
}

const IN_CLUSTER = 'in-cluster';
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The kubeconfig with its context chosen, and with credential plugins that get a reduced environment.
 * @throws SlipwayError `kubeconfig-missing`, `kubeconfig-in-workspace`, `kubeconfig-invalid`, `kubeconfig-context`
 */
export async function loadKubeconfig(source: KubeconfigSource): Promise<KubeConfig> {
  // Loaded here because the models that come with it take longer to compile than most runs take to fail.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const newConfig = (): KubeConfig => new KubeConfig();
  if (source.kubeconfig === IN_CLUSTER) return inCluster(newConfig(), source.environment);
  if (isEncoded(source.kubeconfig))
    throw kubeconfigError(
      'kubeconfig-invalid',
      'the kubeconfig input is in base64',
      'store the secret as plain YAML (decode it with base64 --decode)',
    );
  const config = isContent(source.kubeconfig)
    ? await parseKubeconfig(newConfig(), source.kubeconfig, 'the kubeconfig input', tmpdir())
    : await readKubeconfigs(newConfig, source);
  chooseContext(config, source.context);
  return withSafePlugins(config, source);
}

/** A path is one line and not a JSON object; a kubeconfig is several lines or a JSON object. */
function isContent(text: string): boolean {
  return text.includes('\n') || text.trimStart().startsWith('{');
}

/** Base64 must not be taken for a path: the error would quote a part of it, which the mask of the whole does not cover. */
function isEncoded(text: string): boolean {
  const plain = /^[A-Za-z0-9+/=\s]{40,}$/.test(text) ? Buffer.from(text, 'base64').toString() : '';
  return /\b(?:clusters|apiVersion)\b/.test(plain);
}

async function readKubeconfigs(newConfig: () => KubeConfig, source: KubeconfigSource): Promise<KubeConfig> {
  const paths = source.kubeconfig === '' ? fromEnvironment(source.environment) : [source.kubeconfig];
  const [first, ...others] = await Promise.all(
    paths.map(path => readKubeconfig(newConfig(), resolve(source.workspace, path), source.workspace)),
  );
  if (first === undefined)
    throw kubeconfigError('kubeconfig-missing', 'there is no kubeconfig', MISSING_REMEDY);
  for (const other of others) merge(first, other);
  return first;
}

const MISSING_REMEDY =
  'give its content or a path outside the workspace in the kubeconfig input, set KUBECONFIG, or write in-cluster';

function fromEnvironment(environment: Environment): string[] {
  return (environment['KUBECONFIG'] ?? '').split(delimiter).filter(path => path !== '');
}

async function readKubeconfig(config: KubeConfig, path: string, workspace: string): Promise<KubeConfig> {
  let content: string;
  let realPath: string;
  try {
    realPath = await realpath(path);
    content = await readFile(realPath, 'utf8');
  } catch (cause) {
    throw kubeconfigError(
      'kubeconfig-missing',
      `the kubeconfig ${quote(path)} cannot be read`,
      MISSING_REMEDY,
      cause,
    );
  }
  if (isInside(path, workspace) || isInside(realPath, await realpath(workspace).catch(() => workspace)))
    throw kubeconfigError(
      'kubeconfig-in-workspace',
      `the kubeconfig ${quote(path)} is inside the workspace, where later steps and artifacts can pick it up`,
      'write it to RUNNER_TEMP instead, or give its content',
    );
  const parsed = await parseKubeconfig(config, content, quote(path), dirname(realPath));
  parsed.makePathsAbsolute(dirname(realPath));
  return parsed;
}

function isInside(path: string, folder: string): boolean {
  const steps = relative(folder, path);
  return steps === '' || !(steps === '..' || steps.startsWith(`..${sep}`) || isAbsolute(steps));
}

async function parseKubeconfig(
  config: KubeConfig,
  content: string,
  name: string,
  folder: string,
): Promise<KubeConfig> {
  try {
    config.loadFromString(content);
    await readTokenFiles(config, content, folder);
  } catch (cause) {
    // The parser's message may repeat a line of the file, and with it a token.
    throw kubeconfigError(
      'kubeconfig-invalid',
      `${name} is not a kubeconfig`,
      'compare it with what `kubectl config view --raw --minify` prints',
      cause,
    );
  }
  return config;
}

/** As kubectl does: the first file that defines a name wins. */
function merge(into: KubeConfig, other: KubeConfig): void {
  const add = <Entry extends { readonly name: string }>(known: Entry[], more: readonly Entry[]): void => {
    for (const entry of more) if (!known.some(({ name }) => name === entry.name)) known.push(entry);
  };
  add(into.clusters, other.clusters);
  add(into.users, other.users);
  add(into.contexts, other.contexts);
}

function chooseContext(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  const [only] = names;
  if (context === '' && names.length === 1 && only !== undefined) config.setCurrentContext(only);
  else if (names.includes(context)) config.setCurrentContext(context);
  else throw contextError(context, names);
  refuseHalfContext(config);
}

function contextError(context: string, names: readonly string[]): SlipwayError<ClusterErrorCode> {
  const [what, remedy] =
    names.length === 0
      ? ['the kubeconfig has no context', 'add one, with a cluster and a user']
      : [
          context === ''
            ? `the kubeconfig has ${names.length} contexts, and none is chosen`
            : `the kubeconfig has no context ${quote(context)}`,
          `set context to one of ${names.map(quote).join(', ')}`,
        ];
  return kubeconfigError('kubeconfig-context', what, remedy);
}

/** @throws SlipwayError `kubeconfig-invalid` unless the context has a cluster with an address, and a user */
function refuseHalfContext(config: KubeConfig): void {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const missing = [...(cluster === null ? ['a cluster'] : []), ...(user === null ? ['a user'] : [])];
  const name = quote(config.getCurrentContext());
  if (missing.length > 0)
    throw kubeconfigError(
      'kubeconfig-invalid',
      `context ${name} of the kubeconfig names ${missing.join(' and ')} that ${missing.length === 1 ? 'is' : 'are'} not in it`,
      missing.length === 1 ? 'add it' : 'add both',
    );
  if (!isAddress(cluster?.server ?? ''))
    throw kubeconfigError(
      'kubeconfig-invalid',
      `the server of the cluster ${quote(cluster?.name ?? '')} in the kubeconfig is not an http:// or https:// URL`,
      'write it such as https://10.0.0.1:6443',
    );
}

function isAddress(server: string): boolean {
  return URL.canParse(server) && /^https?:$/.test(new URL(server).protocol);
}

/** Hides every `exec` from the library, which would run it with the whole environment of this process. */
function withSafePlugins(config: KubeConfig, source: KubeconfigSource): KubeConfig {
  const plugin = credentialPlugin({
    environment: source.environment,
    directory: tmpdir(),
    run: source.runPlugin,
    cluster: () => config.getCurrentCluster(),
  });
  config.addAuthenticator(plugin.authenticator);
  config.addAuthenticator(tokenFileAuthenticator);
  config.users = config.users.map((user: User) => plugin.takeOver(user));
  return config;
}

function inCluster(config: KubeConfig, environment: Environment): KubeConfig {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined)
    throw kubeconfigError(
      'kubeconfig-missing',
      'the kubeconfig input is in-cluster, but this runner is not a pod of a cluster',
      'give a kubeconfig',
    );
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  config.loadFromClusterAndUser(
    { name: IN_CLUSTER, server, caFile: `${SERVICE_ACCOUNT}/ca.crt`, skipTLSVerify: false },
    {
      name: IN_CLUSTER,
      authProvider: { name: 'tokenFile', config: { tokenFile: `${SERVICE_ACCOUNT}/token` } },
    },
  );
  return config;
}

function kubeconfigError(
  code: ClusterErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
): SlipwayError<ClusterErrorCode> {
  return new SlipwayError({ code, message, remedy }, { cause });
}
