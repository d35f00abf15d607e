import type { KeyPair } from './pki.ts';

/** The name of the cluster and of the context in every kubeconfig of a testbed. */
export const CONTEXT = 'testbed';

/** A kubeconfig for one user with a client certificate; everything is inside, so the file can be copied. */
export function kubeconfig(server: string, authority: string, user: string, pair: KeyPair): string {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${CONTEXT}
    cluster:
      server: ${server}
      certificate-authority-data: ${encoded(authority)}
users:
  - name: ${JSON.stringify(user)}
    user:
      client-certificate-data: ${encoded(pair.certificate)}
      client-key-data: ${encoded(pair.key)}
contexts:
  - name: ${CONTEXT}
    context:
      cluster: ${CONTEXT}
      user: ${JSON.stringify(user)}
current-context: ${CONTEXT}
`;
}
