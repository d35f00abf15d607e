import { describe, expect, it } from '@jest/globals';
import { pluginEnvironment } from '../src/credentials/plugin-environment.ts';

const COMMON = { PATH: '/bin', HOME: '/h', https_proxy: 'p', NO_PROXY: 'q', SSL_CERT_FILE: 'c' };
const AWS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c', AWS_REGION: 'd' };
const AZURE = { AZURE_TENANT_ID: 'e', AZURE_FEDERATED_TOKEN_FILE: 'f' };
const GOOGLE = { GOOGLE_APPLICATION_CREDENTIALS: 'g', CLOUDSDK_CONFIG: 'h' };
const HELD = {
  INPUT_KUBECONFIG: 'x',
  GITHUB_TOKEN: 'x',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
  DATABASE_PASSWORD: 'x',
  NODE_OPTIONS: 'x',
  LD_PRELOAD: 'x',
  AWS_RDS_PASSWORD: 'x',
  AWS_ENDPOINT_URL: 'x',
  AWS_ENDPOINT_URL_STS: 'x',
  AZURE_STORAGE_KEY: 'x',
  GOOGLE_MAPS_KEY: 'x',
  KUBE_ADMIN_TOKEN: 'x',
  SOPS_AGE_KEY: 'x',
  VAULT_TOKEN: 'x',
};
const STEP = { ...COMMON, ...AWS, ...AZURE, ...GOOGLE, ...HELD };

describe('a credential plugin gets of the environment', () => {
  it.each<[string, string, object]>([
    ['what AWS needs', 'aws', AWS],
    ['what AWS needs, by its path', '/usr/local/bin/aws', AWS],
    ['what Azure needs', 'kubelogin', AZURE],
    ['what Google needs', 'gke-gcloud-auth-plugin', GOOGLE],
    ['what no cloud needs', 'kubectl-oidc_login', {}],
    ['what any cloud needs, if it may ask any', 'get-token.sh', { ...AWS, ...AZURE, ...GOOGLE }],
  ])('%s, and nothing else', (_title, command, cloud) => {
    expect(pluginEnvironment(command, STEP, []).variables).toEqual({ ...COMMON, ...cloud });
  });

  it('never what a line of secrets names, and tells so', () => {
    const names = ['AWS_SESSION_TOKEN', 'HOME', 'AWS_RDS_PASSWORD', 'NOT_SET'];
    const { variables, withheld } = pluginEnvironment('aws', STEP, names);
    expect(Object.keys(variables).filter(name => names.includes(name))).toEqual([]);
    expect(withheld.toSorted()).toEqual(['AWS_SESSION_TOKEN', 'HOME']);
  });
});
