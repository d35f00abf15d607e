import type { RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { defined } from '@slipway/core';
import { impersonationHeaders } from '../credentials/impersonation.ts';
import type { Login } from '../credentials/login.ts';
import { readMaterial } from '../entries/material.ts';
import type { Cluster } from './cluster.ts';
import type { User } from './user.ts';

/**
 * What requests to a cluster are sent with, but for the agent: TLS settings, and headers that say who sends them.
 * @throws SlipwayError `kubeconfig-…`, and the error of TLS for a certificate in files that does not fit its key
 */
export async function requestOptions(cluster: Cluster, user: User, login: Login): Promise<RequestOptions> {
  const { authorization, certificate } = await login.read();
  const [ca, cert, key] = await Promise.all(
    [cluster.authority, user.certificate?.chain, user.certificate?.key].map(readMaterial),
  );
  // Two files that are being replaced are read again by the next request, and not kept as they are.
  if (user.certificate?.chain.file !== undefined) createSecureContext(defined({ cert, key }));
  return {
    ...defined({ ca, cert, key }),
    ...certificate,
    // As for kubectl, an authority need not be one that signed itself.
    ...(ca === undefined ? {} : { allowPartialTrustChain: true }),
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
    ...(cluster.tlsServerName === '' ? {} : { servername: cluster.tlsServerName }),
    headers: {
      ...defined({ Authorization: authorization }),
      ...(user.impersonated && impersonationHeaders(user.impersonated)),
    },
  };
}
