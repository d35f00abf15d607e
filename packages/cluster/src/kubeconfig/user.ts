import { resolve } from 'node:path';
import { type JsonObject, quote } from '@slipway/core';
import { type Impersonation, parseImpersonation } from '../credentials/impersonation.ts';
import type { LoginMethod } from '../credentials/login.ts';
import { parseProvider } from '../credentials/login-methods.ts';
import { parsePluginSection, refuseInteractive } from '../credentials/plugin-section.ts';
import { Fields } from '../entries/fields.ts';
import { type ClientCertificate, parseMaterial } from '../entries/material.ts';

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
export interface User {
  readonly certificate: ClientCertificate | undefined;
  readonly login: LoginMethod;
  readonly impersonated: Impersonation | undefined;
}

/** Where relative paths start. */
export interface Folders {
  /** That of the kubeconfig; undefined for content, which has none. */
  readonly commands: string | undefined;
  readonly files: string;
  readonly tokenFiles: string;
}

/**
 * Accepts what kubectl accepts, but for ways to log in that need a person.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/tools/clientcmd/validation.go#L262
 * @throws SlipwayError `kubeconfig-invalid`, `kubeconfig-auth-provider`, `kubeconfig-plugin-interactive`
 */
export function parseUser(name: string, entry: JsonObject, folders: Folders): User {
  const fields = new Fields(entry, `the user ${quote(name)} of the kubeconfig`);
  return {
    certificate: parseCertificate(fields, folders),
    login: parseLogin(fields, name, folders),
    impersonated: parseImpersonation(fields),
  };
}

function parseCertificate(fields: Fields, { files }: Folders): ClientCertificate | undefined {
  const chain = parseMaterial(fields, 'client-certificate', files);
  if (chain === undefined) return undefined;
  const key = parseMaterial(fields, 'client-key', files);
  if (key === undefined) throw fields.wrong('has a client-certificate and no client-key', 'add the key');
  return { chain, key };
}

/** A plugin runs, and a provider is asked, only for a user who has no other way to log in, as in kubectl. */
function parseLogin(fields: Fields, name: string, folders: Folders): LoginMethod {
  const [token, tokenFile] = [fields.text('token'), fields.text('tokenFile')];
  const [username, password] = [fields.text('username'), fields.text('password')];
  const exec = fields.section('exec', `exec of the user ${quote(name)} in the kubeconfig`);
  const section = exec && parsePluginSection(exec, folders.commands);
  const settings = parseProvider(fields, name, folders.files);
  if ((username !== '' && tokenFile !== '') || (`${username}${password}` !== '' && token !== ''))
    throw fields.wrong('has both a token and a password', 'keep one of them');
  if (section !== undefined && settings !== undefined)
    throw fields.wrong('has both exec and an auth-provider', 'keep one of them');
  if (tokenFile !== '') return { method: 'token-file', path: resolve(folders.tokenFiles, tokenFile), token };
  if (token !== '') return { method: 'token', token };
  if (username !== '') return { method: 'password', username, password };
  if (settings !== undefined) return { method: 'oidc', settings };
  if (section === undefined || hasCertificate(fields)) return { method: 'none' };
  refuseInteractive(section);
  return { method: 'plugin', section };
}

/** https://github.com/kubernetes/client-go/blob/v0.36.3/plugin/pkg/client/auth/exec/exec.go#L306 */
function hasCertificate(fields: Fields): boolean {
  return ['client-certificate', 'client-certificate-data'].some(name => fields.text(name) !== '');
}
