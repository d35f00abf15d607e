import { quote } from '@slipway/core';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';

type Reason = readonly [reason: string, remedy: string];

const COMPARE =
  'compare the federated credential with the job: issuer, subject with its environment, audience';

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REASONS: Readonly<Record<string, Reason>> = {
  AADSTS70021: ['no federated credential fits the job', COMPARE],
  AADSTS700211: ['no federated credential has the issuer of the identity token', COMPARE],
  AADSTS700212: ['no federated credential has the audience of the identity token', COMPARE],
  AADSTS700213: ['no federated credential has the subject of the identity token', COMPARE],
  AADSTS700016: ['the tenant has no such application', 'check the client ID and the tenant ID'],
  AADSTS700024: ['the identity token has expired', 'run the job again, and log in just before this step'],
  AADSTS90002: ['there is no such tenant', 'check the tenant ID, and that the vault is of the same cloud'],
  AADSTS7000112: ['the application is disabled', 'enable it in Entra'],
  AADSTS53003: ['conditional access blocks it', "let the tenant's policy accept where the runner is"],
};

/** What Entra says is looked into and never repeated, except for the number of its error. */
export function loginRefused(client: string, { status, body }: CloudAnswer): Error {
  const code = errorNumber(textIn(body, 'error_description'));
  if (status === 429 || status >= 500)
    return cloudError(
      'cloud-unreachable',
      `Microsoft Entra still answers with status ${status} after several attempts`,
      'run the job again later',
    );
  const [reason, remedy] = REASONS[code] ?? [
    code === '' ? `status ${status}` : `${code}, status ${status}`,
    'look into the sign-in log of the service principal in Entra',
  ];
  return cloudError('cloud-login-refused', `Azure refuses the login as ${quote(client)}: ${reason}`, remedy);
}

function errorNumber(said: string): string {
  return /\bAADSTS\d{4,10}\b/.exec(said)?.[0] ?? '';
}
