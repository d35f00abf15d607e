import { formatScalar } from '@slipway/yaml';
import { GUESS } from '../proposal/guesses.ts';

/** A variable that a program has from a secret, and where the secret is stored until a release. */
export interface SecretVariable {
  readonly variable: string;
  /** Half a sentence, one line. */
  readonly why: string;
  /** Whether the framework itself says so, so that it is not a guess. */
  readonly isFact?: boolean;
  /** The name in the store; by default that of the service and the variable. */
  readonly stored?: string;
}

/** The name of the Secret of a service. */
export function secretName(service: string): string {
  return `${service}-secrets`;
}

/** `DATABASE_URL` as `database-url`. */
export function secretKey(variable: string): string {
  return variable.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** The Secret whose values come from the environment of the step that deploys. */
export function secretStencil(service: string, variables: readonly SecretVariable[]): string {
  return [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${secretName(service)}`,
    `  labels: { app: ${service} }`,
    'stringData:',
    ...variables.map(
      ({ variable }) =>
        `  ${formatScalar(secretKey(variable), '')}: \${secret.${service}.${secretKey(variable)}}`,
    ),
    '',
  ].join('\n');
}

/** The config file that says where these values are stored: a secret of the GitHub environment with the name. */
export function secretConfig(
  services: readonly { readonly service: string; readonly variables: readonly SecretVariable[] }[],
): string {
  const lines = services.flatMap(({ service, variables }) =>
    variables.flatMap(({ variable, why, isFact, stored = storedName(service, variable) }) => [
      `    ${isFact === true ? '# ' : GUESS}${why}`,
      `    "*.*.${service}.${secretKey(variable)}": { from: env, name: ${stored} }`,
    ]),
  );
  return ['apiVersion: slipway.dev/v1', 'kind: Config', 'spec:', '  secrets:', ...lines, ''].join('\n');
}

/** The name of the secret where deploy's step has it. */
export function storedName(service: string, variable: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_${variable}`;
}
