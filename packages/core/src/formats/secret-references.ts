import type { FromSchema } from 'json-schema-to-ts';

const encodingSchema = {
  enum: ['url', 'json', 'base64'],
  description: 'How the secret is encoded where it is used.',
} as const;

const decodingSchema = {
  const: 'base64',
  description: 'The stored value is base64, and its bytes are the secret: for binary secrets.',
} as const;

const onRollbackSchema = {
  enum: ['kept', 'current'],
  description:
    'What a rollback writes: kept, what the restored release had, which is the default; current, what the store has at the rollback.',
} as const;

/** How a secret is written into a manifest, whichever store it comes from. */
const writingProperties = {
  as: encodingSchema,
  decode: decodingSchema,
  'on-rollback': onRollbackSchema,
} as const;

const SEGMENT = '[^/%*?#\\\\\\s\\u0000-\\u001f\\u007f]+';
const NO_DOTS = '(?!(?:.*/)?\\.{1,2}(?:/|$))';

const environmentReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'name'],
  properties: {
    from: { const: 'env', description: "env: the environment of deploy's step" },
    name: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description: 'the name of an environment variable',
    },
    ...writingProperties,
  },
} as const;

const sopsReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'file'],
  properties: {
    from: { const: 'sops', description: 'sops: a file of the repository that SOPS encrypted' },
    file: {
      type: 'string',
      pattern: `^${NO_DOTS}${SEGMENT}(?:/${SEGMENT})*$`,
      description:
        'the path of a file, relative to the folder of slipway.yaml, without .., %, * and white space',
    },
    key: {
      description:
        'Names joined by dots, or a list of names where one holds a dot; without it the whole file is the secret.',
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
      ],
    },
    ...writingProperties,
  },
} as const;

const vaultReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path', 'key'],
  properties: {
    from: { const: 'vault', description: 'vault: a key-value engine of Vault or OpenBao' },
    path: {
      type: 'string',
      pattern: `^${NO_DOTS}${SEGMENT}(?:/${SEGMENT})+$`,
      description:
        "the engine's mount and the secret's name, such as kv/shop/database, without .., %, * and white space",
    },
    key: { type: 'string', minLength: 1, description: 'The field of the secret.' },
    ...writingProperties,
  },
} as const;

const AWS_PLACE = '^[0-9]{12}/[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}/';
const fieldSchema = {
  type: 'string',
  minLength: 1,
  description: 'The field of a secret that is a JSON object; without it the whole secret.',
} as const;

const awsReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path'],
  properties: {
    from: { const: 'aws', description: 'aws: AWS Secrets Manager' },
    path: {
      type: 'string',
      pattern: `${AWS_PLACE}[A-Za-z0-9_+=.@-]+(?:/[A-Za-z0-9_+=.@-]+)*$`,
      description:
        'the account, the region and the name of a secret, such as 111122223333/eu-central-1/shop/database',
    },
    key: fieldSchema,
    version: {
      type: 'string',
      minLength: 1,
      description: 'The ID of a version; by default the current one.',
    },
    stage: {
      type: 'string',
      minLength: 1,
      description: 'The staging label of a version, such as AWSPREVIOUS; by default AWSCURRENT.',
    },
    ...writingProperties,
  },
} as const;

const awsParameterReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path'],
  properties: {
    from: { const: 'aws-ssm', description: 'aws-ssm: the Parameter Store of AWS Systems Manager' },
    path: {
      type: 'string',
      pattern: `${AWS_PLACE}(?![aA][wW][sS](?:/|$))[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*$`,
      description:
        'the account, the region and the name of a parameter that is not below /aws, such as 111122223333/eu-central-1/shop/database',
    },
    key: fieldSchema,
    version: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.-]+$',
      description: 'the number or the label of a version, in quotes; by default the newest one',
    },
    ...writingProperties,
  },
} as const;

const googleReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path'],
  properties: {
    from: { const: 'gcp', description: 'gcp: Google Secret Manager' },
    path: {
      type: 'string',
      pattern:
        '^(?:[0-9]{1,19}|[a-z][a-z0-9-]{4,28}[a-z0-9])/(?:(?:[a-z]+-[a-z]+[0-9]+|[a-z]{2})/)?[A-Za-z0-9_-]{1,255}$',
      description:
        'the project and the name of a secret, such as shop-production/database; with the location between them for a secret that is kept in one',
    },
    key: fieldSchema,
    version: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,63}$',
      description: 'the number or the alias of a version, in quotes; by default the newest one',
    },
    ...writingProperties,
  },
} as const;

const AZURE_PATH = {
  type: 'string',
  pattern:
    '^[a-z](?:-?[a-z0-9])+\\.(?:vault\\.azure\\.net|vault\\.azure\\.cn|vault\\.usgovcloudapi\\.net)/[A-Za-z0-9-]{1,127}$',
} as const;
const azureVersionSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{32}$',
  description: 'The ID of a version, 32 hexadecimal digits; by default the current one.',
} as const;

const azureReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path'],
  properties: {
    from: { const: 'azure', description: 'azure: a secret of Azure Key Vault' },
    path: {
      ...AZURE_PATH,
      description: 'the host of a vault and the name of a secret, such as shop.vault.azure.net/database',
    },
    key: fieldSchema,
    version: azureVersionSchema,
    ...writingProperties,
  },
} as const;

const azureCertificateReferenceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'path'],
  properties: {
    from: {
      const: 'azure-certificate',
      description: 'azure-certificate: a certificate of Azure Key Vault with its private key',
    },
    path: {
      ...AZURE_PATH,
      description: 'the host of a vault and the name of a certificate, such as shop.vault.azure.net/shop-tls',
    },
    version: azureVersionSchema,
    ...writingProperties,
  },
} as const;

/** Each store that `deploy` can open is one branch. */
const REFERENCES = [
  environmentReferenceSchema,
  sopsReferenceSchema,
  vaultReferenceSchema,
  awsReferenceSchema,
  awsParameterReferenceSchema,
  googleReferenceSchema,
  azureReferenceSchema,
  azureCertificateReferenceSchema,
] as const;

/** Where a secret's value lives. */
export const secretReferenceSchema = {
  type: 'object',
  description: 'Where the value of the secret is stored; never the value itself.',
  discriminator: { propertyName: 'from' },
  oneOf: REFERENCES,
} as const;

export type SecretReference = FromSchema<(typeof REFERENCES)[number]>;
export type SecretEncoding = NonNullable<SecretReference['as']>;
