import fc from 'fast-check';
import type { Login } from './client-go.ts';

const HOSTS = [
  'cluster.example',
  'api.cluster.example',
  'example',
  'localhost',
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '10.0.0.12',
  '192.168.1.7',
  '[::1]',
  '[fd00::7]',
  'xn--bcher-kva.example',
];

const EXCEPTED = [
  ...[
    '*',
    '',
    ' ',
    '.',
    ':',
    ':6443',
    'example',
    '.example',
    '*.example',
    'cluster.example',
    '.cluster.example',
  ],
  ...['CLUSTER.example ', ' api.cluster.example', 'cluster.example:6443', 'cluster.example:443', 'r.example'],
  ...['10.0.0.1', '10.0.0.1:6443', '10.0.0.1:443', '10.0.0.0/8', '10.0.0.0/30', '10.0.0.9/28', '0.0.0.0/0'],
  ...['10.0.0.0/33', '10.0.0/8', '192.168.0.0/16', '.0.0.1', 'fd00::7', '[fd00::7]:6443', 'fd00::/8', '::/0'],
  ...['bücher.example', '.svc', 'localhost', '127.0.0.1'],
];

const PROXIES = [
  ...['http://proxy.example:3128', 'proxy.example:3128', '10.9.9.9:3128', 'proxy.example'],
  ...['socks5://proxy.example:1080', 'https://proxy.example', ''],
];

/** Kubeconfigs without a proxy, beside variables that name proxies and exceptions. */
export function randomProxies(): fc.Arbitrary<Required<Login>> {
  const server = fc
    .tuple(fc.constantFrom(...HOSTS), fc.constantFrom('', ':443', ':6443'))
    .map(([host, port]) => `https://${host}${port}`);
  const environment = fc.record({
    HTTPS_PROXY: fc.constantFrom(...PROXIES),
    HTTP_PROXY: fc.constantFrom('', 'http://other.example'),
    NO_PROXY: fc.array(fc.constantFrom(...EXCEPTED), { maxLength: 3 }).map(entries => entries.join(',')),
  });
  return fc.tuple(server, environment).map(([address, variables]) => ({
    kubeconfig: {
      clusters: [{ name: 'a', cluster: { server: address } }],
      users: [{ name: 'a', user: {} }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    },
    answer: '',
    exit: 0,
    environment: variables,
  }));
}
