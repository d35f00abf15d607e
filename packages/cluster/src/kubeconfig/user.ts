import { resolve } from 'node:path';
import { type JsonObject, quote } from '@slipway/core';
import { parseProvider } from '../credentials/login-methods.ts';
import type { OidcSettings } from '../credentials/oidc.ts';
import { type PluginSection, parsePluginSection, refuseInteractive } from '../credentials/plugin-section.ts';
import { Fields } from './fields.ts';
import { type Material, parseMaterial } from './material.ts';

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
export interface User {
  readonly certificate: ClientCertificate | undefined;
  readonly login: LoginMethod;
  readonly impersonated: Impersonation | undefined;
}

export interface ClientCertificate {
  readonly chain: Material;
  readonly key: Material;
}

/** How requests say who sends them, beside a client certificate. */
export type LoginMethod =
  | { readonly method: 'none' }
  | { readonly method: 'token'; readonly token: string }
  /** The token beside it, empty if there is none, counts for as long as the file cannot be read. */
  | { readonly method: 'token-file'; readonly path: string; readonly token: string }
  | { readonly method: 'password'; readonly username: string; readonly password: string }
  | { readonly method: 'plugin'; readonly section: PluginSection }
  | { readonly method: 'oidc'; readonly settings: OidcSettings };

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
export interface Impersonation {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
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

function parseImpersonation(fields: Fields): Impersonation | undefined {
  const impersonated = {
    name: fields.text('as'),
    uid: fields.text('as-uid'),
    groups: fields.texts('as-groups'),
    extra: fields.textLists('as-user-extra'),
  };
  if (impersonated.name !== '') return impersonated;
  if (impersonated.uid !== '' || impersonated.groups.length > 0 || impersonated.extra.size > 0)
    throw fields.wrong('has as-uid, as-groups or as-user-extra without as', 'name the user to act as in as');
  return undefined;
}
