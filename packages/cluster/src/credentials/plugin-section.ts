import { isAbsolute, resolve } from 'node:path';
import { quote } from '@slipway/core';
import type { Fields } from '../entries/fields.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';

/** The `exec` of a user: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig */
export interface PluginSection {
  readonly apiVersion: string;
  /** A name that is looked up in PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  /** Whether it reads answers from a terminal, which a workflow does not have. */
  readonly needsPerson: boolean;
}

const V1BETA1 = 'client.authentication.k8s.io/v1beta1';
const VERSIONS = ['client.authentication.k8s.io/v1', V1BETA1];

/**
 * Accepts what kubectl accepts.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/tools/clientcmd/validation.go#L308
 * @param folder that of the kubeconfig, where relative commands start; undefined for content, which has none
 * @throws SlipwayError `kubeconfig-invalid`
 */
export function parsePluginSection(fields: Fields, folder: string | undefined): PluginSection {
  const apiVersion = fields.text('apiVersion');
  if (!VERSIONS.includes(apiVersion))
    throw fields.wrong(
      apiVersion === '' ? 'has no apiVersion' : `has the apiVersion ${quote(apiVersion)}`,
      `write ${VERSIONS.join(' or ')}`,
    );
  return {
    apiVersion,
    command: resolveCommand(fields, folder),
    args: fields.texts('args'),
    env: fields.variables('env'),
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
    needsPerson: needsPerson(fields, apiVersion),
  };
}

function needsPerson(fields: Fields, apiVersion: string): boolean {
  const mode = fields.text('interactiveMode') || (apiVersion === V1BETA1 ? 'IfAvailable' : '');
  if (['Never', 'IfAvailable', 'Always'].includes(mode)) return mode === 'Always';
  throw fields.wrong(
    mode === '' ? 'has no interactiveMode' : `has the interactiveMode ${quote(mode)}`,
    'write interactiveMode: Never',
  );
}

/** @throws SlipwayError `kubeconfig-plugin-interactive` for a plugin that does not work without a person */
export function refuseInteractive({ command, needsPerson }: PluginSection): void {
  if (!needsPerson) return;
  throw kubeconfigError(
    'kubeconfig-plugin-interactive',
    `the credential plugin ${quote(command)} of the kubeconfig must ask a person (interactiveMode: Always), and a workflow has no one to ask`,
    'use a login for machines, such as a workload identity, with interactiveMode: Never',
  );
}

/** A command with a slash starts at the folder of its kubeconfig, as in kubectl, and never at one of the checkout. */
function resolveCommand(fields: Fields, folder: string | undefined): string {
  const command = fields.text('command');
  if (command === '') throw fields.wrong('has no command', 'name the program');
  if (!command.includes('/') || isAbsolute(command)) return command;
  if (folder === undefined)
    throw fields.wrong(
      `has the command ${quote(command)}, but a kubeconfig that is given as content has no folder to start from`,
      'write an absolute path, or a name in PATH',
    );
  return resolve(folder, command);
}
