import type { ErrorEntry } from '@slipway/core';

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

export const secretsErrors: Readonly<Record<SecretsErrorCode, ErrorEntry>> = {
  'secret-allowance-invalid': {
    symptom: 'secret',
    example: '',
    cause:
      'A line of the `secrets` input of deploy is not of the form `store=name`, such as `env=DATABASE_PASSWORD`, `sops=secrets/*.yaml` or `vault=kv/shop/*`.',
    remedy: 'The message says which.',
  },
  'secret-not-allowed': {
    symptom: 'secret',
    example: '',
    cause: 'The config refers to a secret that the `secrets` input of deploy does not list.',
    remedy: 'List it if the step may read it.',
  },
  'secret-missing': {
    symptom: 'secret',
    example: '',
    cause: 'A secret has no value where the config says that it lives.',
    remedy: 'Set it there, or mend the entry of the config.',
  },
  'secret-not-text': {
    symptom: 'secret',
    example: '',
    cause:
      'A secret holds bytes that are no UTF-8 text where text has to stand, or is no base64 though the config says `decode.',
    remedy: 'Base64`: put a binary secret into `data`, as the whole scalar, or use `as: base64`.',
  },
  'secret-place-changed': {
    symptom: 'secret',
    example: '',
    cause: 'A manifest no longer holds the stand-in that rendered.json lists.',
    remedy: 'Render again, and change stencils instead of manifests.',
  },
  'secret-store-closed': {
    symptom: 'secret',
    example: '',
    cause: 'The config refers to a store for which the step has no credentials.',
    remedy: "Set SOPS_AGE_KEY, or Vault's address and one way to log in.",
  },
  'sops-not-installed': {
    symptom: 'sops',
    example: '',
    cause: 'The program `sops` is not on the runner.',
    remedy: 'Install 3.10 or newer in an earlier step.',
  },
  'sops-file-invalid': {
    symptom: 'sops',
    example: '',
    cause: 'A file is not there, is none that SOPS encrypted, or not for an age key.',
    remedy: 'Encrypt it with `sops encrypt --age`.',
  },
  'sops-key-invalid': {
    symptom: 'sops',
    example: '',
    cause: 'SOPS_AGE_KEY holds no age identity.',
    remedy: 'Give what `age-keygen` printed, the line that begins with AGE-SECRET-KEY-1.',
  },
  'sops-key-missing': {
    symptom: 'sops',
    example: '',
    cause: 'None of the age keys of the step opens the file.',
    remedy: "Add the step's recipient with `sops updatekeys`, or give another key.",
  },
  'sops-changed': {
    symptom: 'sops',
    example: '',
    cause: 'A SOPS file was changed after it was encrypted (its MAC does not fit).',
    remedy: 'Change it with `sops edit` only.',
  },
  'sops-failed': {
    symptom: 'sops',
    example: '',
    cause: 'sops could not decrypt a file.',
    remedy: 'Decrypt it on your own machine to see what it says.',
  },
  'vault-address-invalid': {
    symptom: 'vault',
    example: '',
    cause: 'The input `vault-address` is no address that a token may be sent to.',
    remedy: 'Give https://host:port (plain HTTP on this machine only).',
  },
  'vault-unreachable': {
    symptom: 'vault',
    example: '',
    cause: 'Vault does not answer, or its certificate is not trusted.',
    remedy: 'Check `vault-address`, the network of the runner, and `vault-ca`.',
  },
  'vault-sealed': {
    symptom: 'vault',
    example: '',
    cause: 'Vault is sealed or not initialised.',
    remedy: 'Unseal it.',
  },
  'vault-login-refused': {
    symptom: 'vault',
    example: '',
    cause: "Vault does not accept the step's credentials.",
    remedy: 'Check role, mount, audience and bound claims, or the token.',
  },
  'vault-forbidden': {
    symptom: 'vault',
    example: '',
    cause: "The login's policies do not let it read a path.",
    remedy: 'Allow `read` on it, for KV version 2 with `data/` after the mount.',
  },
  'vault-engine-unsupported': {
    symptom: 'vault',
    example: '',
    cause: 'A path is not that of a key-value engine.',
    remedy: 'Only those (version 1 and 2) are read.',
  },
  'vault-answer-invalid': {
    symptom: 'vault',
    example: '',
    cause: 'Vault answered what no Vault should, such as a redirect.',
    remedy: 'Give the address of Vault itself.',
  },
  'certificate-unreadable': {
    symptom: 'vault',
    example: '',
    cause: 'The file that `vault-ca` names cannot be read or holds no certificate.',
    remedy: 'Give its path, or the certificate itself in PEM.',
  },
};
