import { formatDuration, type Logger, quote, SlipwayError } from '@slipway/core';
import type { ExecCredential } from './exec-credential.ts';
import type { ClusterEntry } from './exec-info.ts';
import { bearer, type Credentials, type Login } from './login.ts';
import type { PluginSection } from './plugin-section.ts';
import { type RenewedCredential, renewedCredential } from './renewal.ts';
import { type PluginContext, runPlugin } from './run-plugin.ts';

interface LoginContext extends PluginContext {
  /** Asked when the plugin runs, since an authority may be in a file. */
  readonly cluster: () => Promise<ClusterEntry>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Logs in by what a plugin prints, which is asked again before that expires. */
export function loginByPlugin(section: PluginSection, context: LoginContext): Login {
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
    read: async () => credentialsOf(await credential.get()),
  };
}

function credentialsOf({ token, certificate }: ExecCredential): Credentials {
  return {
    ...(token === undefined ? {} : bearer(token)),
    ...(certificate && { certificate: { cert: certificate.chain, key: certificate.key } }),
  };
}
