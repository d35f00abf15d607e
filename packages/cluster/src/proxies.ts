import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';
import type { Environment } from './kubeconfig/source.ts';
import { kubeconfigError } from './kubeconfig-error.ts';

/**
 * The proxy by which a server is reached: that of the kubeconfig, or else of the environment, as for kubectl; empty if there is none.
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy
 * @param server an URL
 * @param proxyUrl empty if the kubeconfig names none
 * @throws SlipwayError `kubeconfig-invalid` if the environment has something else
 */
export function proxyFor(server: string, proxyUrl: string, environment: Environment): string {
  if (proxyUrl !== '') return proxyUrl;
  const { protocol, hostname, port } = new URL(server);
  const isSecure = protocol === 'https:';
  const variable = isSecure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const written = environment[variable] || environment[variable.toLowerCase()] || '';
  const host = hostname.replace(/^\[|\]$/g, '');
  const excepted = environment['NO_PROXY'] || environment['no_proxy'] || '';
  if (written === '' || isThisMachine(host)) return '';
  return isExcepted(host, port || (isSecure ? '443' : '80'), excepted) ? '' : withScheme(written);
}

/** `proxy.example:3128` is the proxy http://proxy.example:3128. */
function withScheme(proxy: string): string {
  const isWhole = URL.canParse(proxy) && new URL(proxy).host !== '';
  const whole = isWhole ? proxy : `http://${proxy}`;
  if ((!isWhole && proxy.includes('://')) || !URL.canParse(whole)) throw notAProxy();
  if (!['http:', 'https:', 'socks5:'].includes(new URL(whole).protocol)) throw notAProxy();
  return whole;
}

/** The value may have a password, and is not repeated. */
export function notAProxy(): SlipwayError<ClusterErrorCode> {
  return kubeconfigError(
    'kubeconfig-invalid',
    'the proxy-url of the kubeconfig, or HTTPS_PROXY of the step, is not a URL of a proxy',
    'write it such as http://proxy.example:3128, and a special character of a password as %2F',
  );
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || isWithin(host, '127.0.0.0/8') || isWithin(host, '::1');
}

/** Whether NO_PROXY names a host: by its name, a domain that it is in, its address, or a network. */
function isExcepted(host: string, port: string, excepted: string): boolean {
  const entries = excepted
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .filter(entry => entry !== '');
  return entries.some(entry => entry === '*' || names(entry, host, port));
}

function names(entry: string, host: string, port: string): boolean {
  if (/\/\d+$/.test(entry) && isIP(entry.replace(/\/\d+$/, '')) > 0) return isWithin(host, entry);
  const { named, only } = splitPort(entry);
  if (named === '' || (only !== '' && only !== port)) return false;
  if (isIP(named) > 0) return isWithin(host, named);
  const name = named.replace(/^\*?\./, '');
  const domain = domainToASCII(name) || name;
  return host.endsWith(`.${domain}`) || (host === domain && name === named);
}

/** A name or an address, and the port behind it; an IPv6 address has a port only in brackets. */
function splitPort(entry: string): { readonly named: string; readonly only: string } {
  const [, inBrackets, plain, only = ''] = /^(?:\[(.*)\]|([^:]*)):([^:]*)$/.exec(entry) ?? [];
  const named = inBrackets ?? plain;
  return named === undefined ? { named: entry, only } : { named, only };
}

/** Whether an address is another one, or in a network, which is of the same kind. */
function isWithin(asked: string, entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = familyOf(asked);
  if (isIP(asked) === 0 || familyOf(address) !== family) return false;
  const longest = family === 'ipv6' ? 128 : 32;
  const length = Number(bits ?? longest);
  if (length > longest) return false;
  const network = new BlockList();
  network.addSubnet(address, length, family);
  return network.check(asked, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
