import { expect, it } from '@jest/globals';
import { type Logger, SlipwayError, silentLogger } from '@slipway/core';
import type { RunPlugin } from '../src/index.ts';
import { loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';

const V1 = 'client.authentication.k8s.io/v1';
const EXEC = { apiVersion: V1, command: 'aws', interactiveMode: 'Never' };
const TOKEN = `k8s-aws-v1.${'aHR0cHM6Ly9zdHM'.repeat(9)}`;

const content = (user: object): string =>
  JSON.stringify({
    clusters: [{ name: 'a', cluster: { server: 'https://a.example' } }],
    users: [{ name: 'shop', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'shop' } }],
  });

interface Attempt {
  readonly user: object;
  readonly plugin?: RunPlugin;
  readonly secretNames?: readonly string[];
  readonly patience?: number;
  readonly logger?: Logger;
}

async function messageOf({
  user,
  plugin,
  secretNames = [],
  patience,
  logger = silentLogger,
}: Attempt): Promise<[string, string]> {
  try {
    const loaded = await loadKubeconfig(
      {
        kubeconfig: content(user),
        context: '',
        environment: { PATH: '/bin', AWS_SESSION_TOKEN: 'x' },
        workspace: '/nowhere',
        runPlugin: plugin ?? (() => Promise.reject(new Error('not expected'))),
        secretNames,
      },
      { now: Date.now, logger, ...(patience === undefined ? {} : { patience }) },
    );
    await loaded.readOptions();
  } catch (error) {
    if (error instanceof SlipwayError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was thrown');
}

const printing =
  (stdout: string, exitCode = 0, stderr = ''): RunPlugin =>
  async () => ({ exitCode, stdout, stderr });
const answer = (fields: object): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion: V1, ...fields });
const missing: RunPlugin = () => Promise.reject(new Error('ENOENT'));

it.each<[string, Attempt, string, string]>([
  [
    'is not installed',
    { user: { exec: EXEC }, plugin: missing },
    'kubeconfig-plugin-missing',
    'the kubeconfig\'s credential plugin "aws" cannot be run; install it on the runner in an earlier step, or use a token',
  ],
  [
    'is not installed, with a hint of the kubeconfig in several coloured lines',
    {
      user: { exec: { ...EXEC, installHint: '\u001b[31mInstall it\n  from https://a.example\u001b[0m' } },
      plugin: missing,
    },
    'kubeconfig-plugin-missing',
    'the kubeconfig\'s credential plugin "aws" cannot be run; the kubeconfig says: Install it from https://a.example',
  ],
  [
    'fails and says why, in its last line',
    { user: { exec: EXEC }, plugin: printing('', 255, 'usage\n\nUnable to locate credentials.\n') },
    'kubeconfig-plugin',
    'the kubeconfig\'s credential plugin "aws" failed with exit code 255: Unable to locate credentials.; check the login step before this one; what else it needs belongs in the env of its kubeconfig entry',
  ],
  [
    'fails and says why in a line before its advice, as that of Google does',
    {
      user: { exec: EXEC },
      plugin: printing(
        '',
        1,
        'F1129 21:31:00.922167   18204 cred.go:145] print credential failed with error: Failed to retrieve access token:: failure while executing gcloud, with args [config config-helper --format=json]: exit status 1 (err: ERROR: (gcloud.config.config-helper) You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n\nto select an already authenticated account to use.\n)\n',
      ),
    },
    'kubeconfig-plugin',
    'failed with exit code 1: (gcloud.config.config-helper) You do not currently have an active account selected.; check',
  ],
  [
    'fails and repeats what another program said, as that of Azure does',
    {
      user: { exec: EXEC },
      plugin: printing(
        '',
        1,
        "Error: failed to get token: expected an empty error but received: AzureCLICredential: ERROR: Please run 'az login' to setup account.\n",
      ),
    },
    'kubeconfig-plugin',
    "failed with exit code 1: Please run 'az login' to setup account.; check",
  ],
  [
    'fails without a reason',
    { user: { exec: EXEC }, plugin: printing('', 1, '\n )\n') },
    'kubeconfig-plugin',
    'failed with exit code 1; check',
  ],
  [
    'fails without a variable that secrets names',
    { user: { exec: EXEC }, plugin: printing('', 1), secretNames: ['AWS_SESSION_TOKEN'] },
    'kubeconfig-plugin',
    'the kubeconfig\'s credential plugin "aws" failed with exit code 1; it did not get AWS_SESSION_TOKEN, as "secrets" names it: use another name there',
  ],
  [
    'prints nothing',
    { user: { exec: EXEC }, plugin: printing('\n') },
    'kubeconfig-plugin',
    'printed nothing',
  ],
  [
    'never answers',
    { user: { exec: EXEC }, plugin: () => new Promise(() => {}), patience: 20 },
    'kubeconfig-plugin',
    'the kubeconfig\'s credential plugin "aws" has not answered for 0.02 s',
  ],
  [
    'prints half',
    { user: { exec: EXEC }, plugin: printing(answer({}).slice(0, 20)) },
    'kubeconfig-plugin',
    'did not print an ExecCredential',
  ],
  [
    'prints another version',
    {
      user: { exec: EXEC },
      plugin: printing(
        answer({ apiVersion: 'client.authentication.k8s.io/v1beta1', status: { token: 'x' } }),
      ),
    },
    'kubeconfig-plugin',
    'printed "client.authentication.k8s.io/v1beta1" where the kubeconfig asks for client.authentication.k8s.io/v1',
  ],
  [
    'prints no credentials',
    { user: { exec: EXEC }, plugin: printing(answer({ status: {} })) },
    'kubeconfig-plugin',
    'printed neither a token nor a client certificate',
  ],
  [
    'needs a person',
    { user: { exec: { ...EXEC, interactiveMode: 'Always' } } },
    'kubeconfig-plugin-interactive',
    'the credential plugin "aws" of the kubeconfig must ask a person (interactiveMode: Always), and a workflow has no one to ask; use a login for machines, such as a workload identity, with interactiveMode: Never',
  ],
  [
    'is of a version that kubectl does not know',
    { user: { exec: { ...EXEC, apiVersion: 'client.authentication.k8s.io/v1alpha1' } } },
    'kubeconfig-invalid',
    'exec of the user "shop" in the kubeconfig has the apiVersion "client.authentication.k8s.io/v1alpha1"; write client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1',
  ],
  [
    'is a relative path in a kubeconfig without a folder',
    { user: { exec: { ...EXEC, command: './aws' } } },
    'kubeconfig-invalid',
    'has the command "./aws", but a kubeconfig that is given as content has no folder to start from',
  ],
  [
    'was replaced by the library of an earlier kubectl, which would start a program with every secret of the step',
    { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'gcloud' } } } },
    'kubeconfig-auth-provider',
    'the user "shop" of the kubeconfig has the auth-provider "gcp", which Kubernetes has removed; use gke-gcloud-auth-plugin',
  ],
  [
    'has the name of what every object inherits',
    { user: { 'auth-provider': { name: 'constructor' } } },
    'kubeconfig-auth-provider',
    'has the auth-provider "constructor", which Kubernetes has removed; use an exec plugin or a token',
  ],
  [
    'hides in the configuration of such a library',
    { user: { 'auth-provider': { name: 'x', config: { exec: EXEC } } } },
    'kubeconfig-auth-provider',
    'has the auth-provider "x"',
  ],
])('a credential plugin that %s is refused in one sentence', async (_title, attempt, code, message) => {
  const [found, sentence] = await messageOf(attempt);
  expect([found, sentence]).toEqual([code, expect.stringContaining(message)]);
});

it.each<[string, RunPlugin]>([
  ['its error', printing('', 1, `token ${TOKEN} was refused\n`)],
  ['its answer', printing(TOKEN)],
  ['a wrong answer', printing(answer({ status: { token: TOKEN, clientKeyData: 'x' } }))],
])('a token in %s is not repeated', async (_title, plugin) => {
  const [, message] = await messageOf({ user: { exec: EXEC }, plugin });
  expect(message).not.toContain(TOKEN.slice(0, 40));
});

it('a credential that had expired when the plugin printed it is warned of', async () => {
  const warnings: string[] = [];
  const logger = { ...silentLogger, warning: (text: string) => void warnings.push(text) };
  const status = { token: TOKEN, expirationTimestamp: '2020-01-01T00:00:00Z' };
  const attempt = { user: { exec: EXEC }, plugin: printing(answer({ status })), logger };
  await expect(messageOf(attempt)).rejects.toThrow('nothing was thrown');
  expect(warnings).toEqual([expect.stringMatching(/"aws" printed had expired \(2020-01-01T00:00:00.000Z\)/)]);
  expect(warnings.join()).not.toContain(TOKEN.slice(0, 20));
});
