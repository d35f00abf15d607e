import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import type { Logger } from '@slipway/core';
import { type Login, loginBy } from '../credentials/login.ts';
import type { RenewedTokens } from '../credentials/oidc.ts';
import { loginByPlugin } from '../credentials/plugin-login.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { chooseContext } from './choose-context.ts';
import { type Cluster, parseCluster } from './cluster.ts';
import { describeCluster } from './describe-cluster.ts';
import { IN_CLUSTER, inCluster } from './in-cluster.ts';
import { type Kubeconfig, parseKubeconfig } from './parse-kubeconfig.ts';
import { readKubeconfigs } from './read-kubeconfigs.ts';
import { requestOptions } from './request-options.ts';
import type { KubeconfigSource } from './source.ts';
import { parseUser, type User } from './user.ts';
import { knownPlugin } from './workspace-file.ts';

/** The cluster and the user of the context that was chosen. */
export interface LoadedKubeconfig {
  readonly cluster: Cluster;
  readonly user: User;
  /** What requests are sent with, but for the agent: reads files, and asks plugins and providers. */
  readOptions(): Promise<RequestOptions>;
  /** Milliseconds since 1970 from when credentials must be read again; infinite if nothing says so. */
  renewAt(): number;
}

const PATIENCE = 60_000;

interface LoadOptions {
  readonly now: () => number;
  /** Milliseconds that a credential plugin may take; a minute by default. */
  readonly patience?: number;
  readonly logger: Logger;
  /** What providers have renewed since the run began; nothing by default. */
  readonly renewed?: RenewedTokens;
}

/** A cluster and a user, before anything is asked to log in. */
interface Access {
  readonly cluster: Cluster;
  readonly user: User;
  readonly isInWorkspace: boolean;
}

/**
 * The kubeconfig with its context chosen, and with credential plugins that get a reduced environment.
 * @throws SlipwayError `kubeconfig-…`
 */
export async function loadKubeconfig(
  source: KubeconfigSource,
  options: LoadOptions,
): Promise<LoadedKubeconfig> {
  if (source.kubeconfig === IN_CLUSTER)
    return await logIn({ ...inCluster(source.environment), isInWorkspace: false }, source, options);
  if (isEncoded(source.kubeconfig))
    throw kubeconfigError(
      'kubeconfig-invalid',
      'the kubeconfig input is in base64',
      'store the secret as plain YAML (decode it with base64 --decode)',
    );
  const kubeconfig = isContent(source.kubeconfig)
    ? parseKubeconfig(source.kubeconfig, 'the kubeconfig input', { folder: undefined, isInWorkspace: false })
    : await readKubeconfigs(source, options.logger);
  return await logIn(parseAccess(kubeconfig, source), source, options);
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

/** Certificates of a kubeconfig that is given as content may be in the workspace; a token is never taken from there. */
function parseAccess(kubeconfig: Kubeconfig, { context, workspace }: KubeconfigSource): Access {
  const { cluster, user } = chooseContext(kubeconfig, context);
  const { folder, isInWorkspace } = user;
  return {
    cluster: parseCluster(cluster.name, cluster.entry, cluster.folder ?? workspace),
    user: parseUser(user.name, user.entry, {
      commands: folder,
      files: folder ?? workspace,
      tokenFiles: folder ?? tmpdir(),
    }),
    isInWorkspace,
  };
}

async function logIn(
  access: Access,
  source: KubeconfigSource,
  options: LoadOptions,
): Promise<LoadedKubeconfig> {
  const { cluster, user } = access;
  const login = await loginOf(access, source, options);
  return {
    cluster,
    user,
    readOptions: async () => await requestOptions(cluster, user, login),
    renewAt: login.renewAt,
  };
}

async function loginOf(
  { cluster, user, isInWorkspace }: Access,
  source: KubeconfigSource,
  options: LoadOptions,
): Promise<Login> {
  if (user.login.method !== 'plugin') return loginBy(user.login, options.now, options.renewed ?? new Map());
  const { section } = user.login;
  return loginByPlugin(isInWorkspace ? await knownPlugin(section, source) : section, {
    ...options,
    environment: source.environment,
    secretNames: source.secretNames ?? [],
    directory: tmpdir(),
    run: source.runPlugin,
    patience: options.patience ?? PATIENCE,
    cluster: () => describeCluster(cluster),
  });
}
