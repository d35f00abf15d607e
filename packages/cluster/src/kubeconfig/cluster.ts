import { type JsonObject, quote } from '@slipway/core';
import { Fields } from '../entries/fields.ts';
import { type Material, parseMaterial } from '../entries/material.ts';

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster */
export interface Cluster {
  readonly server: string;
  /** The authorities that are trusted; undefined for those of the system. */
  readonly authority: Material | undefined;
  readonly skipTLSVerify: boolean;
  /** Empty if the certificate is for the host of the address. */
  readonly tlsServerName: string;
  /** Empty if there is none. */
  readonly proxyUrl: string;
  /** As it is written, for a credential plugin that wants to know the cluster. */
  readonly entry: JsonObject;
}

/**
 * Accepts what kubectl accepts.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/tools/clientcmd/validation.go#L229
 * @param folder where relative paths start
 * @throws SlipwayError `kubeconfig-invalid`
 */
export function parseCluster(name: string, entry: JsonObject, folder: string): Cluster {
  const fields = new Fields(entry, `the cluster ${quote(name)} of the kubeconfig`);
  const server = fields.text('server');
  if (!isUrl(server, ['http:', 'https:']))
    throw fields.wrong(
      'has a server that is not an http:// or https:// URL',
      'write it such as https://10.0.0.1:6443',
    );
  const proxyUrl = fields.text('proxy-url');
  if (proxyUrl !== '' && !isUrl(proxyUrl, ['http:', 'https:', 'socks5:']))
    throw fields.wrong(
      'has a proxy-url that is not an http://, https:// or socks5:// URL',
      'write it such as http://proxy.example:3128',
    );
  const skipTLSVerify = fields.flag('insecure-skip-tls-verify');
  const authority = parseMaterial(fields, 'certificate-authority', folder);
  if (skipTLSVerify && authority !== undefined)
    throw fields.wrong(
      'has both insecure-skip-tls-verify and a certificate-authority',
      'remove insecure-skip-tls-verify',
    );
  return {
    server,
    authority,
    skipTLSVerify,
    tlsServerName: fields.text('tls-server-name'),
    proxyUrl: proxyUrl === '' ? '' : new URL(proxyUrl).href,
    entry,
  };
}

/** Line breaks and blanks, which URL leaves out, are refused as by kubectl. */
function isUrl(text: string, protocols: readonly string[]): boolean {
  return !/\s/.test(text) && URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** How messages call a server: without the login that an address may have. */
export function shownServer(server: string): string {
  const url = new URL(server);
  return url.username === '' && url.password === '' ? server : `${url.protocol}//${url.host}${url.pathname}`;
}
