import { SlipwayError } from '@slipway/core';
import type { InputReader } from '@slipway/github';
import { parseVaultAddress, type SecretAllowance } from '@slipway/secrets';

/** Where Vault or OpenBao is, and as what the job logs in there. */
export interface VaultInputs {
  readonly address: URL;
  /** Empty for the root namespace. */
  readonly namespace: string;
  /** The role of the login by GitHub's identity token; empty for a login by what the environment holds. */
  readonly role: string;
  /** The path of the login method; empty for the method's own name. */
  readonly mount: string;
  /** Of the identity token. */
  readonly audience: string;
  /** PEM, or the path of a file with it; empty for none. */
  readonly certificateAuthority: string;
}

/** Namespaces and mounts: segments between slashes, as Vault's paths are written. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?$/;

export function readVault(reader: InputReader): VaultInputs | undefined {
  const address = readAddress(reader);
  const vault = {
    namespace: readPath(reader, 'vault-namespace'),
    role: reader.text('vault-role'),
    mount: readPath(reader, 'vault-mount'),
    audience: reader.text('vault-audience') || (address?.origin ?? ''),
    certificateAuthority: reader.text('vault-ca'),
  };
  return address === undefined ? undefined : { address, ...vault };
}

function readAddress(reader: InputReader): URL | undefined {
  const text = reader.text('vault-address');
  try {
    return text === '' ? undefined : parseVaultAddress(text);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    reader.problem(
      'vault-address',
      'is no address that a token may be sent to',
      error.problems[0]?.remedy ?? '',
    );
    return undefined;
  }
}

function readPath(reader: InputReader, input: 'vault-namespace' | 'vault-mount'): string {
  const path = reader.text(input);
  if (path !== '' && !PATH.test(path))
    reader.problem(input, 'is no path of Vault', 'write segments between slashes, such as "team/ci"');
  return path.replace(/\/$/, '');
}

/** What the list of secrets names has to be able to be opened; told before anything is looked at. */
export function refuseClosedStores(
  reader: InputReader,
  secrets: readonly SecretAllowance[],
  vault: VaultInputs | undefined,
): void {
  const names = (store: SecretAllowance['store']): boolean =>
    secrets.some(allowance => allowance.store === store);
  const { environment } = reader;
  if (names('sops') && !environment['SOPS_AGE_KEY'])
    reader.problem(
      'secrets',
      'names SOPS files, and the step has no key',
      'set SOPS_AGE_KEY under "env:" of the step',
    );
  if (!names('vault') || (reader.text('vault-address') !== '' && vault === undefined)) return;
  if (vault === undefined)
    reader.problem('vault-address', 'is missing, and "secrets" names Vault', 'write https://host:port');
  else if (
    vault.role === '' &&
    !environment['VAULT_TOKEN'] &&
    !(environment['VAULT_ROLE_ID'] && environment['VAULT_SECRET_ID'])
  )
    reader.problem(
      'vault-role',
      'is missing, and nothing else to log in with is there',
      'set it, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
    );
}
