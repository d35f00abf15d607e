export type SecretsErrorCode =
  | 'secret-allowance-invalid'
  | 'secret-not-allowed'
  | 'secret-missing'
  | 'secret-place-changed';

export const secretsErrors: Readonly<Record<SecretsErrorCode, string>> = {
  'secret-allowance-invalid':
    'A line of the `secrets` input of deploy is not of the form `store=name`, such as `env=DATABASE_PASSWORD`.',
  'secret-not-allowed':
    'The config refers to a secret that the `secrets` input of deploy does not list: list it if the step may read it.',
  'secret-missing':
    'A secret has no value where the config says that it lives: set it, for example in the `env` of the step.',
  'secret-place-changed':
    'A manifest no longer holds the stand-in that rendered.json lists: render again, and change stencils instead of manifests.',
};
