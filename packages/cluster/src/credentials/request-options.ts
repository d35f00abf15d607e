import type { RequestOptions } from 'node:https';
import { defined } from '@slipway/core';
import type { Cluster } from '../kubeconfig/cluster.ts';
import { readMaterial } from '../kubeconfig/material.ts';
import type { User } from '../kubeconfig/user.ts';
import { impersonationHeaders } from './impersonation.ts';
import type { Login } from './login.ts';

/**
 * What requests to a cluster are sent with, but for the agent: TLS settings, and headers that say who sends them.
 * @throws Error of the file system for a certificate that cannot be read, and what the login throws
 */
export async function requestOptions(cluster: Cluster, user: User, login: Login): Promise<RequestOptions> {
  const { authorization, certificate } = await login();
  const [ca, cert, key] = await Promise.all(
    [cluster.authority, user.certificate?.chain, user.certificate?.key].map(readMaterial),
  );
  return {
    ...defined({ ca, cert, key }),
    ...certificate,
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
    ...(cluster.tlsServerName === '' ? {} : { servername: cluster.tlsServerName }),
    headers: {
      ...defined({ Authorization: authorization }),
      ...(user.impersonated && impersonationHeaders(user.impersonated)),
    },
  };
}
