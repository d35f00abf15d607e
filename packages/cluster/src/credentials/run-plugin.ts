import { setTimeout as sleep } from 'node:timers/promises';
import { excerpt, type LoginEnvironment, quote, type SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from '../error-codes.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { AnswerProblem, type ExecCredential, parseExecCredential } from './exec-credential.ts';
import { type ClusterEntry, execInfo } from './exec-info.ts';
import { pluginEnvironment } from './plugin-environment.ts';
import type { PluginSection } from './plugin-section.ts';

/**
 * Runs a program to its end, with an empty standard input; rejects if it does not exist. Actions pass the runner's way of starting
 * processes.
 */
export type RunPlugin = (
  command: string,
  args: readonly string[],
  options: { readonly environment: Readonly<Record<string, string>>; readonly directory: string },
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;

export interface PluginContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `env=` lines of the input `secrets` name. */
  readonly secretNames: readonly string[];
  /** Outside the workspace, so that a relative path in an argument does not lead to a file of the checkout. */
  readonly directory: string;
  readonly run: RunPlugin;
  /** Milliseconds after which it is given up: it waits for a person, a browser or a network. */
  readonly patience: number;
}

const LONGEST_REASON = 200;

/**
 * Asks a client-go credential plugin for credentials.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @throws SlipwayError `kubeconfig-plugin`, `kubeconfig-plugin-missing`
 */
export async function runPlugin(
  section: PluginSection,
  cluster: ClusterEntry,
  context: PluginContext,
): Promise<ExecCredential> {
  const given = pluginEnvironment(section.command, context.environment, context.secretNames);
  const { exitCode, stdout, stderr } = await finished(section, given, cluster, context);
  if (exitCode !== 0)
    throw pluginFailed(section, given, `failed with exit code ${exitCode}${reasonIn(stderr)}`);
  try {
    return parseExecCredential(stdout, section.apiVersion);
  } catch (error) {
    // Without a cause: the answer may be the token.
    if (error instanceof AnswerProblem) throw pluginFailed(section, given, error.message);
    throw error;
  }
}

async function finished(
  section: PluginSection,
  given: LoginEnvironment,
  cluster: ClusterEntry,
  { run, directory, patience }: PluginContext,
) {
  const own = Object.fromEntries(section.env.map(({ name, value }) => [name, value]));
  const KUBERNETES_EXEC_INFO = JSON.stringify(execInfo(section, cluster));
  const environment = { ...given.variables, ...own, KUBERNETES_EXEC_INFO };
  const waiting = new AbortController();
  const late = sleep(patience, undefined, { signal: waiting.signal, ref: false }).then(() => {
    throw pluginFailed(section, given, `has not answered for ${patience / 1000} s`);
  });
  try {
    const running = run(section.command, section.args, { environment, directory });
    return await Promise.race([running.catch(cause => Promise.reject(pluginMissing(section, cause))), late]);
  } finally {
    waiting.abort();
    late.catch(() => {});
  }
}

/**
 * The reason that it wrote, without what may be a token: its last line with the word "error", from its last `error:` on, as the clouds'
 * programs repeat what others said and add advice in further lines; else its last line.
 */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.trim());
  const line = lines.findLast(text => /\berror\b/i.test(text)) ?? lines.findLast(text => /\w/.test(text));
  const reason = line?.replace(/^.*\berror:\s*(?=\S)/i, '').replace(/[\w+/=.~-]{32,}/g, '…');
  return reason === undefined ? '' : `: ${excerpt(reason, LONGEST_REASON)}`;
}

function pluginFailed(
  { command }: PluginSection,
  { withheld }: LoginEnvironment,
  what: string,
): SlipwayError<ClusterErrorCode> {
  const remedy =
    withheld.length === 0
      ? 'check the login step before this one; what else it needs belongs in the env of its kubeconfig entry'
      : `it did not get ${withheld.join(', ')}, as "secrets" names it: use another name there`;
  return kubeconfigError(
    'kubeconfig-plugin',
    `the kubeconfig's credential plugin ${quote(command)} ${what}`,
    remedy,
  );
}

function pluginMissing(
  { command, installHint }: PluginSection,
  cause: unknown,
): SlipwayError<ClusterErrorCode> {
  const hint = installHint
    .replace(/\u001b\[[\d;]*[A-Za-z]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return kubeconfigError(
    'kubeconfig-plugin-missing',
    `the kubeconfig's credential plugin ${quote(command)} cannot be run`,
    hint === ''
      ? 'install it on the runner in an earlier step, or use a token'
      : `the kubeconfig says: ${excerpt(hint, 2 * LONGEST_REASON)}`,
    cause,
  );
}
