import { pick, type Variables } from './identities/identity.ts';
import type { SopsKey } from './metadata.ts';

/** The identities of age that a step has. */
export interface AgeIdentities {
  readonly keys: readonly string[];
  readonly ssh?: string | undefined;
}

/** How a program reaches the network, and whom it trusts there. */
const NETWORK = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** Without a home and outside of every repository there is no configuration, no key file and no agent to be found. */
const NOWHERE = '/nonexistent';

/**
 * The whole environment of sops: where programs are, and what the kept keys need. Without HOME gpg looks the home up, and sops does not.
 * @param variables what logs in to the kinds of the keys
 */
export function sopsEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  keys: readonly SopsKey[],
  { age, variables }: { readonly age: AgeIdentities; readonly variables: Variables },
): Variables {
  const has = (isKind: (key: SopsKey) => boolean): boolean => keys.some(isKind);
  const isSsh = ({ name = '' }: SopsKey): boolean => name.startsWith('ssh-');
  const usesPgp = has(({ word }) => word === 'sops-pgp');
  const usesNetwork = has(({ word }) => word !== 'age' && word !== 'sops-pgp');
  const usesAge = has(key => key.word === 'age' && !isSsh(key));
  const usesSsh = has(key => key.word === 'age' && isSsh(key));
  return {
    PATH: environment['PATH'] ?? '',
    ...(usesPgp ? {} : { HOME: NOWHERE }),
    ...(usesAge ? { SOPS_AGE_KEY: age.keys.join('\n') } : {}),
    ...(usesSsh ? sshVariables(age.ssh ?? '') : {}),
    SOPS_DECRYPTION_ORDER: 'age',
    ...(usesNetwork ? pick(environment, NETWORK) : {}),
    ...variables,
  };
}

/** sops reads an SSH key from a file or from a program, and this program prints what it is given: the key is never written down. */
function sshVariables(key: string): Variables {
  return {
    SOPS_AGE_SSH_PRIVATE_KEY: key,
    SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'printenv SOPS_AGE_SSH_PRIVATE_KEY',
  };
}
