import type { ErrorEntry } from '@slipway/core';

export type SecretsErrorCode =
  | 'secret-allowance-invalid'
  | 'secret-not-allowed'
  | 'secret-values-invalid'
  | 'secret-missing'
  | 'secret-not-text'
  | 'secret-place-changed'
  | 'secret-store-closed'
  | 'secret-leased'
  | 'sops-not-installed'
  | 'sops-file-invalid'
  | 'sops-key-invalid'
  | 'sops-key-missing'
  | 'sops-identity-missing'
  | 'sops-identity-refused'
  | 'sops-key-refused'
  | 'sops-unanswered'
  | 'sops-unauthenticated'
  | 'sops-changed'
  | 'sops-failed'
  | 'vault-address-invalid'
  | 'vault-unreachable'
  | 'vault-sealed'
  | 'vault-login-refused'
  | 'vault-forbidden'
  | 'vault-engine-unsupported'
  | 'vault-answer-invalid'
  | 'certificate-unreadable'
  | 'cloud-identity-invalid'
  | 'cloud-identity-missing'
  | 'cloud-login-refused'
  | 'cloud-other-account'
  | 'cloud-forbidden'
  | 'cloud-key-unusable'
  | 'cloud-secret-unusable'
  | 'cloud-unreachable'
  | 'cloud-answer-invalid';

export const secretsErrors: Readonly<Record<SecretsErrorCode, ErrorEntry>> = {
  'secret-allowance-invalid': {
    symptom: 'secret',
    example: 'input "secrets" has an entry without "="',
    cause: 'A line of the input `secrets` does not have the form `store=name`.',
    remedy:
      'Write lines such as `env=DATABASE_PASSWORD`, `sops=secrets/*.yaml` or `vault=kv/shop/*`. A key of SOPS is named in full, without a `*`.',
  },
  'secret-not-allowed': {
    symptom: 'secret',
    example: 'deploy may not read "env=DATABASE_PASSWORD", which secret.db.password refers to',
    cause:
      'The config refers to a secret that the input `secrets` does not list. The list keeps a pull request from reading other secrets.',
    remedy: 'Add the line in the message to `secrets` if the step may read it.',
  },
  'secret-values-invalid': {
    symptom: 'secret',
    example: 'input "secret-values" has no "=" in line 2',
    cause:
      'A line of the input `secret-values` is not `NAME=value`, sets a variable again, or sets one that the input `secrets` does not allow and no store logs in with. A value of several lines is often the reason, as its second line is then read as a variable.',
    remedy:
      'Write a value of several lines as `NAME<<END`, the lines, and `END` on a line of its own. Add `env=NAME` to `secrets` for each variable, and leave out what the step does not need.',
  },
  'secret-missing': {
    symptom: 'secret',
    example: 'the environment of the step has no "DATABASE_PASSWORD"',
    cause: 'The store that the config names has no value for a secret.',
    remedy:
      'Set it there, or correct the entry of the config. A secret of an environment takes `environment:` in the job.',
  },
  'secret-not-text': {
    symptom: 'secret',
    example: 'it is not base64, although its entry says "decode: base64"',
    cause:
      'A secret has bytes that are not UTF-8 where text is needed, or it is not base64 although the config says `decode: base64`.',
    remedy: 'Put a binary secret into `data` as the whole scalar, or use `as: base64`.',
  },
  'secret-place-changed': {
    symptom: 'secret',
    example: 'Secret shop/db has no stand-in at /stringData/password, where a secret goes',
    cause: 'A rendered manifest no longer has the stand-in that deploy replaces with the secret.',
    remedy: 'Render again, and change stencils instead of rendered manifests.',
  },
  'secret-store-closed': {
    symptom: 'secret',
    example: 'the step has no credentials for SOPS',
    cause: 'The config refers to a store of secrets, and the step has no credentials for it.',
    remedy:
      'Set SOPS_AGE_KEY in `env` of the step, or name a key of a cloud in `secrets`, or `vault-address` and one way to log in. [Secrets](secrets.md) describes each store.',
  },
  'secret-leased': {
    symptom: 'vault',
    example:
      '"database/creds/shop" is lent by Vault and taken back, so that a rollback cannot restore what was kept',
    cause:
      'The path belongs to an engine of Vault that makes a secret for each reader, as a lease that ends. A rollback would restore one that has ended by then.',
    remedy:
      'Set `on-rollback: current` for the entry, so that a rollback reads a new one, and deploy again before the lease ends; or keep the secret in a key-value engine.',
  },
  'sops-not-installed': {
    symptom: 'sops',
    example: 'the program "sops" is not on the runner, outside of the workspace',
    cause:
      'SOPS files are decrypted by the program `sops`, which is not taken from the workspace, where a commit could have brought it.',
    remedy: 'Install sops 3.10 or newer in an earlier step, into a folder that is not in the workspace.',
  },
  'sops-file-invalid': {
    symptom: 'sops',
    example: 'the file "secrets/production.yaml" is not encrypted by SOPS',
    cause: 'A SOPS file is missing, is not encrypted, or is not encrypted for a key that Slipway knows.',
    remedy: 'Encrypt it with `sops encrypt --age <recipient> --in-place <file>`.',
  },
  'sops-key-invalid': {
    symptom: 'sops',
    example: 'SOPS_AGE_KEY is not an age identity',
    cause:
      'SOPS_AGE_KEY does not have the form of an age identity, or SOPS_AGE_SSH_PRIVATE_KEY not that of a private SSH key.',
    remedy: 'Set it to the line of the key file that begins with `AGE-SECRET-KEY-1`.',
  },
  'sops-key-missing': {
    symptom: 'sops',
    example:
      'the step may not use enough keys of "secrets/production.yaml", which is encrypted for "age1…", "sops-transit=transit/shop"',
    cause:
      'The step has no identity for the age keys of the file, and the input `secrets` does not list its other keys, or the keys that it may use are of fewer groups than the file needs. Nothing was asked.',
    remedy:
      'Set `SOPS_AGE_KEY`, add the lines in the message to `secrets` if the step may use these keys, or add a recipient of the step with `sops updatekeys`.',
  },
  'sops-identity-missing': {
    symptom: 'sops',
    example:
      'the step has no credentials for AWS, and "secrets/production.yaml" is encrypted for "arn:aws:kms:eu-central-1:111122223333:alias/shop"',
    cause:
      'The input `secrets` lists a key of the file, and the step has nothing with which it could use the key. Profiles, programs that print credentials and the identity of the machine are not taken unless `cloud-identity` says so.',
    remedy:
      'Log in to the cloud in an earlier step of the job, as [Secrets](secrets.md#keys-of-a-cloud) shows.',
  },
  'sops-identity-refused': {
    symptom: 'sops',
    example: 'the file in GOOGLE_APPLICATION_CREDENTIALS sends its token to another server',
    cause:
      "The file with Google's credentials is not one that a job logs in with: it starts a program, asks another server, or takes a token that is not of this job. Or a variable with a credential has a line break, with which it cannot be sent.",
    remedy: 'Log in with google-github-actions/auth in an earlier step.',
  },
  'sops-key-refused': {
    symptom: 'sops',
    example:
      'the identity of the step may not decrypt with the key, so that "secrets/production.yaml" cannot be opened with "sops-kms=arn:aws:kms:eu-central-1:111122223333:alias/shop"',
    cause:
      'The service of the key refuses it: the credentials have expired, the role may not decrypt, the key is disabled, is not there, or is not the one that the entry was encrypted with.',
    remedy: 'Follow the message; the log of the cloud (CloudTrail, audit logs) has the request.',
  },
  'sops-unanswered': {
    symptom: 'sops',
    example:
      'the service of the key does not answer, so that "secrets/production.yaml" cannot be opened with "sops-transit=transit/shop"',
    cause:
      'The service of the key does not answer, throttles, is not available, or its certificate is not trusted.',
    remedy: 'Check the network and the proxy of the runner, and run the job again.',
  },
  'sops-unauthenticated': {
    symptom: 'sops',
    example:
      '"database.host" of "secrets/production.yaml" is not encrypted, and its MAC covers encrypted values only ("mac_only_encrypted")',
    cause:
      'The file was encrypted with `mac_only_encrypted`, so that anyone who may commit can change its other values without a trace.',
    remedy: 'Encrypt this value too, or encrypt the file without `mac_only_encrypted`.',
  },
  'sops-changed': {
    symptom: 'sops',
    example: '"secrets/production.yaml" was changed after it was encrypted: its MAC does not fit',
    cause: 'The file was edited without sops, or merged by Git, after it was encrypted.',
    remedy: 'Restore it from Git, and change it with `sops edit`.',
  },
  'sops-failed': {
    symptom: 'sops',
    example: 'sops cannot decrypt "secrets/production.yaml" (exit code 1)',
    cause:
      'The program sops failed for a reason that Slipway does not know. Its output is not shown, since it may contain a part of a secret.',
    remedy: 'Run `sops decrypt` on your own machine to see what it says, with sops 3.10 or newer.',
  },
  'vault-address-invalid': {
    symptom: 'vault',
    example: 'input "vault-address" must be an https:// URL (http:// only on localhost)',
    cause: 'The address of Vault is not an https:// URL. A token must not travel unencrypted.',
    remedy: 'Write `https://host:port`. Plain HTTP is accepted for this machine only.',
  },
  'vault-unreachable': {
    symptom: 'vault',
    example: 'Vault at https://vault.acme.io:8200 does not answer (ECONNREFUSED)',
    cause: 'Vault does not answer, its certificate is not trusted, or it takes no more requests for now.',
    remedy: 'Check `vault-address`, the network of the runner, and `vault-ca`.',
  },
  'vault-sealed': {
    symptom: 'vault',
    example: 'Vault is sealed or not ready',
    cause: 'Vault is sealed, not initialized, or a standby without an active node.',
    remedy: 'Unseal it, and run the job again.',
  },
  'vault-login-refused': {
    symptom: 'vault',
    example: 'Vault refuses the login as "shop-production" at "auth/jwt": status 400',
    cause:
      "Vault does not accept the credentials of the step: the role, the mount, the audience or the bound claims do not match GitHub's identity token, a token has expired, or VAULT_TOKEN has a line break.",
    remedy: "Compare the role with the job. Vault's audit log has the reason.",
  },
  'vault-forbidden': {
    symptom: 'vault',
    example: 'Vault does not let this login read "kv/data/shop/db"',
    cause:
      'The policies of this login do not allow reading the path. Vault says the same where no engine is mounted at its beginning, and of a token that has expired.',
    remedy: 'Add the rule in the message to its policy. Paths of KV version 2 have `data/` after the mount.',
  },
  'vault-engine-unsupported': {
    symptom: 'vault',
    example: '"database/creds/shop" is not in a key-value engine',
    cause:
      'The path belongs to another secrets engine. Key-value engines, version 1 and 2, are read, and with `on-rollback: current` leases of others.',
    remedy: 'Keep the secret in a key-value engine.',
  },
  'vault-answer-invalid': {
    symptom: 'vault',
    example: 'Vault answered with a redirect, which is not followed with a token',
    cause:
      'The server answered with something that Vault does not send, or with a redirect, which Slipway does not send a token to.',
    remedy: 'Give the address of the active node of Vault or OpenBao itself.',
  },
  'certificate-unreadable': {
    symptom: 'vault',
    example: 'the file "vault.pem" of input "vault-ca" cannot be read',
    cause: 'The file in `vault-ca` cannot be read or has no certificate.',
    remedy: 'Give its path, or the certificate itself in PEM.',
  },
  'cloud-identity-invalid': {
    symptom: 'cloud',
    example: 'input "cloud-identity" must be "instance" or "profile:" with a name',
    cause: 'The input `cloud-identity` names no identity that Slipway knows.',
    remedy:
      'Write `instance` for the identity of the machine or container, `profile:<name>` for a profile of AWS or a configuration of gcloud, or leave it out to use what a login of the job left.',
  },
  'cloud-identity-missing': {
    symptom: 'cloud',
    example: 'the step has no identity of the AWS account 111122223333',
    cause:
      'No login of the job left an identity that may read the secret. That of the machine, of a container or of a profile is not taken unless `cloud-identity` says so.',
    remedy: 'Log in with the role of that account, or name the identity in `cloud-identity`.',
  },
  'cloud-login-refused': {
    symptom: 'cloud',
    example:
      'AWS refuses the login as "arn:aws:iam::111122223333:role/shop": its trust policy does not fit the job',
    cause:
      'The cloud does not accept the identity of the job: it has expired, its provider is not trusted, or the conditions of the role do not fit the job. Or the file of credentials is not one that a job logs in with: it starts a program, asks another server, or takes a token that is not of this job.',
    remedy:
      'Compare the conditions with the job: repository, ref, environment and audience. Log in just before the step.',
  },
  'cloud-other-account': {
    symptom: 'cloud',
    example:
      '"444455556666/eu-central-1/shop/db" is in the account 444455556666, and the step is logged in as "arn:aws:iam::111122223333:user/ci"',
    cause:
      'A secret is named with its account, and the identity of the step belongs to another one, in which a secret of the same name may have another value; or the vault is in another tenant of Azure. No credential was sent to the store.',
    remedy:
      'Correct the account in the config and in `secrets`, or log in to the account that has the secret.',
  },
  'cloud-forbidden': {
    symptom: 'cloud',
    example:
      'the identity of the step may not read the secret "111122223333/eu-central-1/shop/db" of AWS Secrets Manager',
    cause:
      'The rights of the identity do not allow reading the secret. Google Cloud also says so of a secret that does not exist.',
    remedy: 'Add the right in the message to its policy, for this secret only.',
  },
  'cloud-key-unusable': {
    symptom: 'cloud',
    example:
      'the KMS key of the secret "111122223333/eu-central-1/shop/db" of AWS Secrets Manager cannot be used',
    cause:
      'The key that the secret is encrypted with is disabled or deleted, or the identity may not decrypt with it.',
    remedy: 'Enable the key, and allow the identity to decrypt in the policy of the key too.',
  },
  'cloud-secret-unusable': {
    symptom: 'cloud',
    example: 'the secret "shop.vault.azure.net/database" of Azure Key Vault is disabled',
    cause:
      'The store has the secret, and says that it must not be used: its version is disabled, not valid yet, or not valid any more.',
    remedy: 'Store a new version, or enable this one and change the times that it is valid between.',
  },
  'cloud-unreachable': {
    symptom: 'cloud',
    example: 'AWS STS at https://sts.eu-central-1.amazonaws.com does not answer (ENOTFOUND)',
    cause: 'A service of the cloud does not answer, or the connection ends in the middle of each answer.',
    remedy: 'Check the network of the runner, its proxy, and the region of the entry.',
  },
  'cloud-answer-invalid': {
    symptom: 'cloud',
    example: 'AWS Secrets Manager answered with a redirect, which is not followed with a credential',
    cause:
      'The answer is not one that the cloud gives, or is about another secret than the one that was asked for, or the service fails.',
    remedy: 'Check what is between the runner and the cloud, such as a proxy, and run the job again.',
  },
};
