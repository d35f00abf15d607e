export type SecretsErrorCode =
  | 'secret-allowance-invalid'
  | 'secret-not-allowed'
  | 'secret-missing'
  | 'secret-not-text'
  | 'secret-place-changed'
  | 'secret-store-closed'
  | 'sops-not-installed'
  | 'sops-file-invalid'
  | 'sops-key-invalid'
  | 'sops-key-missing'
  | 'sops-changed'
  | 'sops-failed'
  | 'vault-address-invalid'
  | 'vault-unreachable'
  | 'vault-sealed'
  | 'vault-login-refused'
  | 'vault-forbidden'
  | 'vault-engine-unsupported'
  | 'vault-answer-invalid'
  | 'certificate-unreadable';

export const secretsErrors: Readonly<Record<SecretsErrorCode, string>> = {
  'secret-allowance-invalid':
    'A line of the `secrets` input of deploy is not of the form `store=name`, such as `env=DATABASE_PASSWORD`, `sops=secrets/*.yaml` or `vault=kv/shop/*`.',
  'secret-not-allowed':
    'The config refers to a secret that the `secrets` input of deploy does not list: list it if the step may read it.',
  'secret-missing':
    'A secret has no value where the config says that it lives: set it there, or mend the entry of the config.',
  'secret-not-text':
    'A secret holds bytes that are no UTF-8 text where text has to stand, or is no base64 though the config says `decode: base64`: put a binary secret into `data`, as the whole scalar, or use `as: base64`.',
  'secret-place-changed':
    'A manifest no longer holds the stand-in that rendered.json lists: render again, and change stencils instead of manifests.',
  'secret-store-closed':
    "The config refers to a store for which the step has no credentials: set SOPS_AGE_KEY, or Vault's address and one way to log in.",
  'sops-not-installed': 'The program `sops` is not on the runner: install 3.10 or newer in an earlier step.',
  'sops-file-invalid':
    'A file is not there, is none that SOPS encrypted, or not for an age key: encrypt it with `sops encrypt --age`.',
  'sops-key-invalid':
    'SOPS_AGE_KEY holds no age identity: give what `age-keygen` printed, the line that begins with AGE-SECRET-KEY-1.',
  'sops-key-missing':
    "None of the age keys of the step opens the file: add the step's recipient with `sops updatekeys`, or give another key.",
  'sops-changed':
    'A SOPS file was changed after it was encrypted (its MAC does not fit): change it with `sops edit` only.',
  'sops-failed': 'sops could not decrypt a file: decrypt it on your own machine to see what it says.',
  'vault-address-invalid':
    'The input `vault-address` is no address that a token may be sent to: give https://host:port (plain HTTP on this machine only).',
  'vault-unreachable':
    'Vault does not answer, or its certificate is not trusted: check `vault-address`, the network of the runner, and `vault-ca`.',
  'vault-sealed': 'Vault is sealed or not initialised: unseal it.',
  'vault-login-refused':
    "Vault does not accept the step's credentials: check role, mount, audience and bound claims, or the token.",
  'vault-forbidden':
    "The login's policies do not let it read a path: allow `read` on it, for KV version 2 with `data/` after the mount.",
  'vault-engine-unsupported':
    'A path is not that of a key-value engine: only those (version 1 and 2) are read.',
  'vault-answer-invalid':
    'Vault answered what no Vault should, such as a redirect: give the address of Vault itself.',
  'certificate-unreadable':
    'The file that `vault-ca` names cannot be read or holds no certificate: give its path, or the certificate itself in PEM.',
};
