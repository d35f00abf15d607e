import { types } from 'node:util';
import { excerpt, type SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';
import { kubeconfigError } from './kubeconfig-error.ts';
import { notAProxy } from './proxies.ts';

const LONGEST_REASON = 200;

/**
 * The error for a request that was not sent because of the kubeconfig, which is found out when a connection is made with it; undefined for
 * any other error of a connection.
 */
export function unusable({
  code = '',
  message,
  cause,
}: NodeJS.ErrnoException): SlipwayError<ClusterErrorCode> | undefined {
  if (code === '' && types.isNativeError(cause)) return unusable(cause);
  if (code === 'ERR_INVALID_CHAR')
    return kubeconfigError(
      'kubeconfig-invalid',
      'the token of the kubeconfig has a character that cannot be sent, such as a line break',
      'store it again without that, and look at what the login step or the credential plugin writes',
    );
  // Node's sentence repeats the URL, and with it a password.
  if (code === 'ERR_PROXY_INVALID_CONFIG') return notAProxy();
  if (code.startsWith('ERR_OSSL_'))
    return kubeconfigError(
      'kubeconfig-invalid',
      `a certificate or key of the kubeconfig cannot be used (${excerpt(message, LONGEST_REASON)})`,
      'compare client-certificate, client-key and certificate-authority with what the cluster gave; those with -data are PEM in base64',
    );
  return undefined;
}
