import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { filesBelow, type Repository } from '@slipway/render';
import {
  environmentStore,
  type SecretStores,
  sopsStore,
  type VaultLogin,
  vaultStore,
} from '@slipway/secrets';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { VaultInputs } from './vault-inputs.ts';

/** What this step has the credentials to open. Nothing is asked of a store before its first secret is. */
export async function openStores(
  { vault }: Inputs,
  { directory }: Repository,
  runner: Runner,
): Promise<SecretStores> {
  const { environment, workspace, exec, mask } = runner;
  const { SOPS_AGE_KEY: ageKeys = '', PATH: path = '' } = environment;
  const files = filesBelow(join(workspace, directory));
  return {
    env: environmentStore(environment),
    sops:
      ageKeys === ''
        ? undefined
        : sopsStore({ readFile: file => files.read(file), exec, path, ageKeys, mask }),
    vault: vault && (await openVault(vault, runner)),
  };
}

async function openVault(vault: VaultInputs, runner: Runner): Promise<SecretStores['vault']> {
  const login = loginOf(vault, runner);
  if (login === undefined) return undefined;
  const { address, namespace } = vault;
  const { environment, signal, mask } = runner;
  const certificateAuthority = await readCertificates(vault.certificateAuthority, runner);
  return vaultStore({
    server: { address, namespace, certificateAuthority, environment, signal },
    login,
    mask,
  });
}

/** What an input says goes before what happens to stand in the environment. */
function loginOf(
  { role, mount, audience }: VaultInputs,
  { environment, idToken }: Runner,
): VaultLogin | undefined {
  if (role !== '') return { method: 'jwt', mount: mount || 'jwt', role, idToken: () => idToken(audience) };
  const { VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId, VAULT_TOKEN: token } = environment;
  if (roleId && secretId) return { method: 'approle', mount: mount || 'approle', roleId, secretId };
  return token ? { method: 'token', token } : undefined;
}

async function readCertificates(given: string, { workspace }: Runner): Promise<string> {
  if (given === '' || PEM.test(given)) return given;
  let text: string;
  try {
    text = await readFile(resolve(workspace, given), 'utf8');
  } catch (cause) {
    throw noCertificate(given, 'cannot be read', cause);
  }
  if (PEM.test(text)) return text;
  throw noCertificate(given, 'holds no certificate');
}

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

function noCertificate(path: string, what: string, cause?: unknown): SlipwayError<DeployErrorCode> {
  return new SlipwayError<DeployErrorCode>(
    {
      code: 'certificate-unreadable',
      message: `the file ${quote(path)} of input "vault-ca" ${what}`,
      remedy: 'give its path, or the certificate itself in PEM',
    },
    { cause },
  );
}
