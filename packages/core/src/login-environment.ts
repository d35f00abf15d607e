type Environment = Readonly<Record<string, string | undefined>>;
/** Whose credentials a program asks for. */
export type Cloud = 'aws' | 'azure' | 'google' | 'oracle';

/** How any program finds other programs, its files, the network and whom to trust. */
const COMMON =
  'PATH HOME USER LOGNAME LANG LC_ALL TMPDIR TZ XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME DOCKER_CONFIG KUBECONFIG ' +
  'KUBECACHEDIR ' +
  'SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE ' +
  'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy';

/**
 * By which variables the clouds' own programs know who they are, and where. Addresses of services are not among them: whoever can set
 * AWS_ENDPOINT_URL could have the credentials sent to a server of their own.
 * - https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
 * - https://cloud.google.com/sdk/docs/properties#setting_properties_via_environment_variables
 * - https://azure.github.io/kubelogin/cli/convert-kubeconfig.html
 * - https://docs.oracle.com/en-us/iaas/Content/API/SDKDocs/clienvironmentvariables.htm
 */
const BY_CLOUD: Readonly<Record<Cloud, string>> = {
  aws:
    'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE ' +
    'AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_REGION AWS_DEFAULT_REGION AWS_CA_BUNDLE ' +
    'AWS_STS_REGIONAL_ENDPOINTS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_SDK_LOAD_CONFIG AWS_MAX_ATTEMPTS ' +
    'AWS_RETRY_MODE AWS_EC2_METADATA_DISABLED AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ' +
    'AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  azure:
    'AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PATH AZURE_CLIENT_CERTIFICATE_PASSWORD ' +
    'AZURE_FEDERATED_TOKEN_FILE AZURE_AUTHORITY_HOST AZURE_CONFIG_DIR AZURE_SUBSCRIPTION_ID AAD_LOGIN_METHOD ' +
    'AAD_SERVICE_PRINCIPAL_CLIENT_ID AAD_SERVICE_PRINCIPAL_CLIENT_SECRET AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE ' +
    'AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE_PASSWORD',
  google:
    'GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_PROJECT GOOGLE_GHA_CREDS_PATH GCLOUD_PROJECT GCP_PROJECT ' +
    'CLOUDSDK_CONFIG CLOUDSDK_ACTIVE_CONFIG_NAME CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE CLOUDSDK_AUTH_ACCESS_TOKEN_FILE ' +
    'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT CLOUDSDK_CORE_ACCOUNT CLOUDSDK_CORE_PROJECT CLOUDSDK_PROJECT CLOUDSDK_PYTHON ' +
    'CLOUDSDK_ROOT_DIR',
  oracle:
    'OCI_CLI_AUTH OCI_CLI_CONFIG_FILE OCI_CLI_PROFILE OCI_CLI_REGION OCI_CLI_USER OCI_CLI_TENANCY OCI_CLI_FINGERPRINT ' +
    'OCI_CLI_KEY_FILE OCI_CLI_KEY_CONTENT OCI_CLI_SECURITY_TOKEN_FILE OCI_CLI_PASSPHRASE',
};

export interface LoginEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Names that the program would have got, had the input `secrets` not named them. */
  readonly withheld: readonly string[];
}

export const CLOUDS: readonly Cloud[] = ['aws', 'azure', 'google', 'oracle'];

/**
 * The part of the environment that a program gets which prints credentials, for a cluster or for a registry: what it needs to log in
 * to these clouds, and no input, token of the job or secret of the release.
 * @param secretNames what `env=` lines of `secrets` name; never passed on, even if a cloud's login has the same name
 */
export function loginEnvironment(
  clouds: readonly Cloud[],
  environment: Environment,
  secretNames: readonly string[],
): LoginEnvironment {
  const names = [COMMON, ...clouds.map(cloud => BY_CLOUD[cloud])].join(' ').split(' ');
  const given = names.filter(name => environment[name] !== undefined);
  const [withheld, passed] = [given.filter(name => secretNames.includes(name)), new Set(given)];
  for (const name of withheld) passed.delete(name);
  return {
    withheld,
    variables: Object.fromEntries([...passed].map(name => [name, environment[name] ?? ''])),
  };
}
