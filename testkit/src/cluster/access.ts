import { readFile } from 'node:fs/promises';

/** How the administrator of a testbed's cluster reaches its API server. */
export interface Access {
  readonly server: string;
  readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

/** @param kubeconfig the path of one that the testbed wrote */
export async function readAccess(kubeconfig: string): Promise<Access> {
  const text = await readFile(kubeconfig, 'utf8');
  const field = (name: string): string => new RegExp(`${name}: "?([^"\\s]+)`).exec(text)?.[1] ?? '';
  const decoded = (name: string): Buffer => Buffer.from(field(name), 'base64');
  return {
    server: field('server'),
    tls: {
      ca: decoded('certificate-authority-data'),
      cert: decoded('client-certificate-data'),
      key: decoded('client-key-data'),
    },
  };
}
