import { tmpdir } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from '@slipway/core';
import { pluginAuthenticator, pluginOf } from '../credentials/plugin-authenticator.ts';
import type { PluginSection } from '../credentials/plugin-section.ts';
import { tokenFileAuthenticator } from '../credentials/token-file.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { chooseContext } from './choose-context.ts';
import { describeCluster } from './describe-cluster.ts';
import { IN_CLUSTER, inCluster } from './in-cluster.ts';
import { type Origin, type ParsedKubeconfig, parseKubeconfig, takeOverUser } from './parse-kubeconfig.ts';
import { readKubeconfigs } from './read-kubeconfigs.ts';
import type { KubeconfigSource } from './source.ts';
import { knownPlugin } from './workspace-file.ts';

/** A kubeconfig with its context chosen. */
export interface LoadedKubeconfig {
  readonly config: KubeConfig;
  /** Milliseconds since 1970 from when credentials must be read again; infinite if nothing says so. */
  renewAt(): number;
}

const PATIENCE = 60_000;
const CONTENT: Origin = { folder: undefined, isInWorkspace: false };

interface LoadOptions {
  readonly now: () => number;
  /** Milliseconds that a credential plugin may take; a minute by default. */
  readonly patience?: number;
  readonly logger: Logger;
}

/**
 * The kubeconfig with its context chosen, and with credential plugins that get a reduced environment.
 * @throws SlipwayError `kubeconfig-…`
 */
export async function loadKubeconfig(
  source: KubeconfigSource,
  options: LoadOptions,
): Promise<LoadedKubeconfig> {
  // Loaded here because the models that come with it take longer to compile than most runs take to fail.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const newConfig = (): KubeConfig => new KubeConfig();
  if (source.kubeconfig === IN_CLUSTER) return withoutEnd(inCluster(newConfig(), source.environment));
  if (isEncoded(source.kubeconfig))
    throw kubeconfigError(
      'kubeconfig-invalid',
      'the kubeconfig input is in base64',
      'store the secret as plain YAML (decode it with base64 --decode)',
    );
  const parsed = isContent(source.kubeconfig)
    ? await parseKubeconfig(newConfig(), source.kubeconfig, 'the kubeconfig input', CONTENT)
    : await readKubeconfigs(newConfig, source, options.logger);
  chooseContext(parsed.config, source.context);
  takeOverUser(parsed, tmpdir());
  return await withAuthenticators(parsed, source, options);
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

function withoutEnd(config: KubeConfig): LoadedKubeconfig {
  return { config, renewAt: () => Number.POSITIVE_INFINITY };
}

async function withAuthenticators(
  parsed: ParsedKubeconfig,
  source: KubeconfigSource,
  options: LoadOptions,
): Promise<LoadedKubeconfig> {
  const { config } = parsed;
  config.addAuthenticator(tokenFileAuthenticator);
  const section = await pluginToRun(parsed, source);
  if (section === undefined) return withoutEnd(config);
  const { authenticator, renewAt } = pluginAuthenticator(section, {
    ...options,
    environment: source.environment,
    secretNames: source.secretNames ?? [],
    directory: tmpdir(),
    run: source.runPlugin,
    patience: options.patience ?? PATIENCE,
    cluster: () => describeCluster(parsed),
  });
  config.addAuthenticator(authenticator);
  return { config, renewAt };
}

async function pluginToRun(
  { config, users }: ParsedKubeconfig,
  source: KubeconfigSource,
): Promise<PluginSection | undefined> {
  const user = config.getCurrentUser();
  const section = pluginOf(user);
  const isOfWorkspace = users.get(user?.name ?? '')?.isInWorkspace === true;
  return section !== undefined && isOfWorkspace ? await knownPlugin(section, source) : section;
}
