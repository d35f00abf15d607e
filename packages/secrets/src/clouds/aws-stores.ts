import type { ReferenceTo, SecretStoreKind } from '../store.ts';
import { refuseAwsLine, refuseParameterLine } from './aws/aws-path.ts';
import {
  AWS_CREDENTIALS,
  AWS_CREDENTIALS_REMEDY,
  type AwsSettings,
  readAwsSettings,
} from './aws/aws-settings.ts';
import { lateStore } from './late-store.ts';

const shared = {
  linesAre: 'patterns',
  addressOf: ({ path }: { readonly path: string }) => path,
  credentials: AWS_CREDENTIALS,
  credentialsRemedy: `${AWS_CREDENTIALS_REMEDY}, for "aws-role"`,
  readSettings: readAwsSettings,
} as const;

export const secretsManagerKind: SecretStoreKind<ReferenceTo<'aws'>, AwsSettings> = {
  ...shared,
  title: 'AWS Secrets Manager',
  example: 'aws=111122223333/eu-central-1/shop/*',
  refuseLine: refuseAwsLine,
  open: async (surroundings, settings) =>
    lateStore(async () => {
      const { awsSessionOf, secretsManager } = await import('./cloud-stores.ts');
      return secretsManager(awsSessionOf(surroundings, settings));
    }),
};

export const parameterStoreKind: SecretStoreKind<ReferenceTo<'aws-ssm'>, AwsSettings> = {
  ...shared,
  title: 'AWS Parameter Store',
  example: 'aws-ssm=111122223333/eu-central-1/shop/*',
  refuseLine: refuseParameterLine,
  open: async (surroundings, settings) =>
    lateStore(async () => {
      const { awsSessionOf, parameterStore } = await import('./cloud-stores.ts');
      return parameterStore(awsSessionOf(surroundings, settings));
    }),
};
