import type { SettingsReader } from '../store.ts';

interface Cloud {
  readonly words: readonly string[];
  readonly variables: RegExp;
  /** Where a server can be named, and of whom. */
  readonly instead: string;
}

const CLOUDS: readonly Cloud[] = [
  {
    words: ['aws', 'aws-ssm', 'sops-kms'],
    variables: /^AWS_ENDPOINT_URL/,
    instead: 'only the input "aws-endpoint" names a server of AWS, and none for keys of SOPS files',
  },
  {
    words: ['gcp', 'sops-gcp'],
    variables:
      /^(?:CLOUDSDK_API_ENDPOINT_OVERRIDES_|GOOGLE_CLOUD_UNIVERSE_DOMAIN$|GCE_METADATA_|SOPS_GCP_KMS_ENDPOINT$)/,
    instead: 'only the input "gcp-endpoint" names a server of Google Cloud, and none for keys of SOPS files',
  },
];

/** What to say of variables that would choose where credentials go, for whoever can set a variable of the job. */
export function ignoredEndpoints({
  environment,
  allowances,
}: Pick<SettingsReader, 'environment' | 'allowances'>): string[] {
  const asked = CLOUDS.filter(({ words }) => allowances.some(({ store }) => words.includes(store)));
  return asked.flatMap(({ variables, instead }) => {
    const names = Object.keys(environment).filter(name => variables.test(name) && environment[name]);
    const verb = names.length === 1 ? 'is' : 'are';
    return names.length === 0
      ? []
      : [`${names.sort().join(', ')} of the environment ${verb} ignored: ${instead}`];
  });
}
