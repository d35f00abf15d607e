import { environmentFlag } from '../outside/github-api.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { kubectlArguments } from '../outside/programs.ts';
import { literalInExpanded, shellCommand, shellWord, withExpandedInput } from '../outside/shell.ts';
import type { Deployer, SecretScope } from './arrange.ts';
import { restrictionCheck } from './branch-script.ts';
import { contextName, kubeconfigOf } from './kubeconfig-text.ts';
import { noteKey, noteText, type TokenHolder } from './token-note.ts';

/** The arguments by which gh takes a secret from its standard input. */
export function secretArguments(secret: string, { repository, environment }: TokenHolder): string[] {
  const place = environment === undefined ? [] : environmentFlag(environment);
  return ['secret', 'set', secret, '--repo', fullName(repository), ...place];
}

function fullName({ host, owner, name }: GitHubRepository): string {
  return `${host}/${owner}/${name}`;
}

export function tokenArguments({ home, purpose }: Deployer, duration: string): string[] {
  return ['create', 'token', purpose.account, `--namespace=${home}`, `--duration=${duration}`];
}

/** The cluster of a context as JSON, with its certificate and without any credentials. */
export function clusterFields(): string[] {
  return ['config', 'view', '--minify', '--flatten', '--raw', '-o', 'jsonpath={.clusters[0].cluster}'];
}

/**
 * What a person runs for the secret. Tokens are in variables and in a folder that only this user reads and that is removed however the
 * lines end, and never in an argument.
 */
export function kubeconfigScript(
  { deployers, purpose }: SecretScope,
  holder: TokenHolder,
  duration: string,
): string[] {
  const parts = deployers.map((deployer, index) => ({
    deployer,
    cluster: { server: marked(`cluster_${index + 1}`) },
    token: marked(`token_${index + 1}`),
  }));
  return [
    '(',
    ...[
      'set -eu',
      ...checkLines(holder),
      'umask 077',
      'folder=$(mktemp -d)',
      `trap 'rm -rf "$folder"' EXIT`,
      `trap 'exit 1' HUP INT TERM`,
      'made=$(date -u +%Y-%m-%dT%H:%M:%SZ)',
      ...deployers.flatMap((deployer, index) => tokenLines(deployer, index + 1, duration)),
    ].map(line => `  ${line}`),
    ...indentFirst(withExpandedInput('cat > "$folder/kubeconfig"', [expanded(kubeconfigOf(parts))])),
    ...deployers.flatMap(deployer => tryLines(deployer)).map(line => `  ${line}`),
    `  ${shellCommand('gh', secretArguments(purpose.secret, holder))} < "$folder/kubeconfig"`,
    ...deployers.map((deployer, index) => `  ${noteLine(deployer, index + 1, holder)}`),
    ')',
  ];
}

/** A kubeconfig must not be where every branch gets it. */
function checkLines({ repository, environment }: TokenHolder): string[] {
  return environment === undefined ? [] : restrictionCheck({ repository, environment });
}

/** A mark for what the shell puts in; no name can contain it. */
function marked(variable: string): string {
  return `\u0001${variable}\u0001`;
}

/** The text of a here-document: everything literal but the marks. A cluster is JSON, a token is inside quotes. */
function expanded(kubeconfig: object): string {
  return literalInExpanded(JSON.stringify(kubeconfig))
    .replaceAll(/\{"server":"\\\\u0001(cluster_\d+)\\\\u0001"\}/g, '$$$1')
    .replaceAll(/\\\\u0001(token_\d+)\\\\u0001/g, '$$$1');
}

function tokenLines(deployer: Deployer, number: number, duration: string): string[] {
  const { context } = deployer;
  const times = ['-o', 'jsonpath={.status.expirationTimestamp} {.status.token}'];
  const ask = [...tokenArguments(deployer, duration), ...times];
  return [
    `cluster_${number}=$(${shellCommand('kubectl', kubectlArguments(context.name, clusterFields()))})`,
    `answer=$(${shellCommand('kubectl', kubectlArguments(context.name, ask))})`,
    `expires_${number}=\${answer%% *} token_${number}=\${answer#* }`,
    `echo ${shellWord(`${context.name}: the token expires on`)} "$expires_${number}"`,
  ];
}

/** A right of each namespace, which kubectl answers with an exit code. */
function tryLines(deployer: Deployer): string[] {
  return deployer.namespaces.map(namespace => {
    const ask = ['auth', 'can-i', ...deployer.purpose.sample, `--namespace=${namespace}`];
    return `${shellCommand('kubectl', kubectlArguments(contextName(deployer), ask))} --kubeconfig "$folder/kubeconfig"`;
  });
}

function noteLine({ context, home, purpose }: Deployer, number: number, holder: TokenHolder): string {
  const name = ['annotate', 'serviceaccount', purpose.account, `--namespace=${home}`, '--overwrite'];
  const text = noteText('"$made"', `"$expires_${number}"`, holder).split(' ');
  const [made = '', expires = '', ...rest] = text;
  const value = `${noteKey(holder)}=${made}' '${expires}${shellWord(` ${rest.join(' ')}`)}`;
  return `${shellCommand('kubectl', kubectlArguments(context.name, name))} ${value}`;
}

function indentFirst([first = '', ...others]: readonly string[]): string[] {
  return [`  ${first}`, ...others];
}
