import type { SecretAccess } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';
import {
  parseAllowances,
  parseVaultAddress,
  type SecretAllowance,
  storeKind,
  type VaultSettings,
} from '@slipway/secrets';

/** @param opened whether this run opens secrets, so that missing credentials are a problem */
export function readSecretAccess(reader: InputReader, opened: boolean): SecretAccess {
  const allowances = readAllowances(reader);
  const vault = readVault(reader);
  if (opened) refuseClosedStores(reader, allowances, vault);
  return { allowances, vault };
}

function readAllowances(reader: InputReader): SecretAllowance[] {
  return reader.parse('secrets', () => parseAllowances(reader.list('secrets'))) ?? [];
}

/** Namespaces and mounts: segments between slashes, as Vault's paths are written. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?$/;

function readVault(reader: InputReader): VaultSettings | undefined {
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
  return text === '' ? undefined : reader.parse('vault-address', () => parseVaultAddress(text));
}

function readPath(reader: InputReader, input: 'vault-namespace' | 'vault-mount'): string {
  const path = reader.text(input);
  if (path !== '' && !PATH.test(path))
    reader.problem(input, 'is not a Vault path', 'write segments between slashes, such as "team/ci"');
  return path.replace(/\/$/, '');
}

/** Reports missing credentials of every store that `secrets` names, before anything is read. */
function refuseClosedStores(
  reader: InputReader,
  secrets: readonly SecretAllowance[],
  vault: VaultSettings | undefined,
): void {
  const { environment } = reader;
  for (const store of new Set(secrets.map(allowance => allowance.store))) {
    // An address that was refused is one problem, not two.
    if (store === 'vault' && vault === undefined && reader.text('vault-address') !== '') continue;
    const missing = storeKind(store).missingCredentials({ environment, vault });
    if (missing !== undefined) reader.problem(missing.input, missing.message, missing.remedy);
  }
}
