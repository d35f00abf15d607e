import type { RequestOptions } from 'node:https';
import type { User } from '@kubernetes/client-node';
import { formatDuration, type JsonObject, type Logger, quote, SlipwayError } from '@slipway/core';
import type { ExecCredential } from './exec-credential.ts';
import type { ClusterEntry } from './exec-info.ts';
import { type PluginSection, parsePluginSection, refuseInteractive } from './plugin-section.ts';
import { type RenewedCredential, renewedCredential } from './renewal.ts';
import { type PluginContext, runPlugin } from './run-plugin.ts';

const PROVIDER = 'slipway-exec';

/** Not the names `exec` and `tokenFile`, by which the library would take the user for one of its own. */
interface Moved {
  readonly section: PluginSection;
}

/**
 * The user with its `exec` moved to where only this authenticator finds it: the library would run it with the whole environment of
 * this process. A user who has a token, a password or a certificate does not need it, and kubectl does not run it either.
 * @param folder that of the kubeconfig; undefined for content
 */
export function takeOverPlugin(user: User, entry: JsonObject, folder: string | undefined): User {
  const { exec, ...others } = user;
  if (exec === undefined || exec === null) return user;
  const section = parsePluginSection(entry['exec'] ?? null, user.name, folder);
  if (hasOtherLogin(entry)) return others;
  refuseInteractive(section);
  return { ...others, authProvider: { name: PROVIDER, config: { section } satisfies Moved } };
}

/** https://github.com/kubernetes/client-go/blob/v0.36.3/plugin/pkg/client/auth/exec/exec.go#L306 */
function hasOtherLogin(entry: JsonObject): boolean {
  return ['token', 'tokenFile', 'username', 'client-certificate', 'client-certificate-data'].some(
    name => entry[name] !== undefined && entry[name] !== null && entry[name] !== '',
  );
}

/** The section that `takeOverPlugin` has moved; undefined if the user logs in without a plugin. */
export function pluginOf(user: User | null): PluginSection | undefined {
  return user?.authProvider?.name === PROVIDER ? (user.authProvider.config as Moved).section : undefined;
}

interface AuthenticatorContext extends PluginContext {
  /** Asked when the plugin runs, since an authority may be in a file. */
  readonly cluster: () => Promise<ClusterEntry>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Logs in as a user whom `takeOverPlugin` has changed, and tells when it would ask the plugin again. */
export function pluginAuthenticator(section: PluginSection, context: AuthenticatorContext) {
  let isToldExpired = false;
  const run = async (): Promise<ExecCredential> => {
    const printed = await runPlugin(section, await context.cluster(), context);
    const { expires = Number.POSITIVE_INFINITY } = printed;
    if (expires <= context.now() && !isToldExpired) {
      isToldExpired = true;
      context.logger.warning(
        `What the credential plugin ${quote(section.command)} printed had expired (${new Date(expires).toISOString()}), so the API server may refuse it. Log in again in the step before this one, and compare the clock of this runner.`,
      );
    }
    return printed;
  };
  const credential: RenewedCredential = renewedCredential({
    run,
    now: context.now,
    kept: (error, until) =>
      context.logger.warning(
        `${error instanceof SlipwayError ? error.message : 'The credential plugin failed'}. What it printed before is used for the ${formatDuration(until - context.now())} that it is still good for.`,
      ),
  });
  return {
    renewAt: credential.renewAt,
    authenticator: {
      isAuthProvider: (user: User): boolean => user.authProvider?.name === PROVIDER,
      async applyAuthentication(_user: User, options: RequestOptions): Promise<void> {
        const { token, certificate } = await credential.get();
        if (certificate !== undefined)
          Object.assign(options, { cert: certificate.chain, key: certificate.key });
        if (token !== undefined) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
      },
    },
  };
}
