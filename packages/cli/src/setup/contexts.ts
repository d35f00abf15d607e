import { isJsonObject, type JsonValue, nearest, parseJsonIfAny, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { outputOf } from '../outside/programs.ts';
import { type SetupTarget, targetName } from './targets.ts';

/** A context of this machine's kubeconfig. */
export interface LocalContext {
  readonly name: string;
  /** Empty if its cluster is missing. */
  readonly server: string;
  /** Whether kubectl accepts any certificate of the server. */
  readonly isUnverified: boolean;
}

export interface LocalContexts {
  readonly contexts: readonly LocalContext[];
  readonly current: string | undefined;
}

/**
 * The contexts of the kubeconfig that kubectl uses, without credentials, which kubectl leaves out. No cluster is asked.
 * @throws SlipwayError `command-failed`, `command-not-found`
 */
export async function readContexts({ exec }: Machine): Promise<LocalContexts> {
  const { exitCode, stdout, stderr } = await exec('kubectl', ['config', 'view', '-o', 'json']);
  const said = stderr.split('\n')[0]?.slice(0, 200) ?? '';
  const value = parseJsonIfAny(
    outputOf({ exitCode, stdout, said }, 'reading the kubeconfig of this machine'),
  );
  const config = isJsonObject(value) ? value : {};
  const servers = new Map(
    entries(config['clusters']).map(({ name, inner }) => [
      name,
      {
        server: String(inner('cluster')['server'] ?? ''),
        isUnverified: inner('cluster')['insecure-skip-tls-verify'] === true,
      },
    ]),
  );
  const contexts = entries(config['contexts']).map(({ name, inner }) => ({
    name,
    ...(servers.get(String(inner('context')['cluster'])) ?? { server: '', isUnverified: false }),
  }));
  const current = config['current-context'];
  return { contexts, current: typeof current === 'string' && current !== '' ? current : undefined };
}

function entries(value: JsonValue | undefined) {
  return (Array.isArray(value) ? value : []).filter(isJsonObject).map(entry => ({
    name: String(entry['name'] ?? ''),
    inner: (key: string) => {
      const found = entry[key];
      return isJsonObject(found) ? found : {};
    },
  }));
}

/**
 * The context of this machine for a destination: that of the flag, else the one that the formation names if there is such a one here,
 * else the current one.
 * @param flags `<context>`, or `<destination>=<context>`
 * @throws SlipwayError `context-unknown`, `cluster-other`, `cluster-unverified`
 */
export function chooseContext(
  target: SetupTarget,
  { contexts, current }: LocalContexts,
  flags: readonly string[],
): LocalContext {
  const has = (name: string | undefined): boolean => contexts.some(context => context.name === name);
  const named = flagFor(
    target,
    flags,
    contexts.map(context => context.name),
  );
  const stated = has(target.jobContext) ? target.jobContext : undefined;
  const name = named ?? stated ?? current;
  const found = contexts.find(context => context.name === name);
  if (found === undefined) throw contextUnknown(target, name, contexts);
  checkCluster(target, found);
  return found;
}

/** A context may have a "=" in its name. */
function isForAll(flag: string, names: readonly string[]): boolean {
  return !flag.includes('=') || names.includes(flag);
}

function flagFor(
  target: SetupTarget,
  flags: readonly string[],
  names: readonly string[],
): string | undefined {
  const own = [targetName(target), target.destination].flatMap(name =>
    flags.filter(flag => flag.startsWith(`${name}=`)).map(flag => flag.slice(name.length + 1)),
  );
  return own[0] ?? flags.find(flag => isForAll(flag, names));
}

/**
 * Refuses flags that mean no destination, which would be passed over.
 * @throws SlipwayError `usage`
 */
export function checkContextFlags(
  targets: readonly SetupTarget[],
  { contexts }: LocalContexts,
  flags: readonly string[],
): void {
  const names = contexts.map(context => context.name);
  const known = targets.flatMap(target => [targetName(target), target.destination]);
  for (const flag of flags) {
    const destination = flag.slice(0, flag.indexOf('='));
    if (isForAll(flag, names) || known.includes(destination)) continue;
    const meant = nearest(destination, known);
    throw new SlipwayError<CliErrorCode>({
      code: 'usage',
      message: `the flag "--context" is for ${quote(destination)}, which is not a destination of these formations`,
      remedy: meant === undefined ? `they have ${known.join(', ')}` : `did you mean ${quote(meant)}?`,
    });
  }
}

function contextUnknown(
  target: SetupTarget,
  name: string | undefined,
  contexts: readonly LocalContext[],
): SlipwayError<CliErrorCode> {
  const names = contexts.map(context => context.name);
  const meant = name === undefined ? undefined : nearest(name, names);
  const others = `it has ${names.map(quote).join(', ')}`;
  const choice = `name one with --context: ${meant === undefined ? others : `did you mean ${quote(meant)}?`}`;
  return new SlipwayError<CliErrorCode>({
    code: 'context-unknown',
    message:
      name === undefined
        ? `the kubeconfig of this machine has no current context for ${quote(targetName(target))}`
        : `the kubeconfig of this machine has no context ${quote(name)} for ${quote(targetName(target))}`,
    remedy: names.length === 0 ? 'log in to the cluster first' : choice,
  });
}

function checkCluster(target: SetupTarget, { name, server, isUnverified }: LocalContext): void {
  const bare = (address: string): string => address.replace(/(?::443)?\/*$/, '').toLowerCase();
  if (target.server !== undefined && bare(target.server) !== bare(server))
    throw new SlipwayError<CliErrorCode>({
      code: 'cluster-other',
      message: `the context ${quote(name)} is the cluster ${quote(server)}, and the formation says that ${quote(targetName(target))} is ${quote(target.server)}`,
      remedy: 'name the context of that cluster with --context',
    });
  if (isUnverified)
    throw new SlipwayError<CliErrorCode>({
      code: 'cluster-unverified',
      message: `the context ${quote(name)} sets insecure-skip-tls-verify, so a token would be sent to whoever answers`,
      remedy: 'set certificate-authority-data of its cluster instead',
    });
}
