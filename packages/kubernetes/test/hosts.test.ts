import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, wantedHosts } from '@slipway/kubernetes';

const object = (apiVersion: string, kind: string, spec: object, annotations = {}) =>
  ({ apiVersion, kind, metadata: { name: 'a', annotations }, spec }) as unknown as KubernetesObject;

const wanted = (...given: Parameters<typeof object>) =>
  wantedHosts(object(...given)).map(({ host = '(every)', path }) => `${host} /${path.join('/')}`);

const gateway = 'gateway.networking.k8s.io/v1';

describe('the hosts that an object asks for', () => {
  it.each<[string, Parameters<typeof object>, string[]]>([
    [
      'an Ingress',
      [
        'networking.k8s.io/v1',
        'Ingress',
        { rules: [{ host: 'a.io' }, { http: {} }], tls: [{ hosts: ['b.io'] }] },
      ],
      ['a.io /spec/rules/0/host', 'b.io /spec/tls/0/hosts/0', '(every) /spec/rules/1'],
    ],
    [
      'an Ingress with an empty host',
      ['networking.k8s.io/v1', 'Ingress', { rules: [{ host: '' }] }],
      ['(every) /spec/rules/0/host'],
    ],
    [
      'an Ingress with a backend only',
      ['networking.k8s.io/v1', 'Ingress', { defaultBackend: {} }],
      ['(every) /spec'],
    ],
    [
      'an HTTPRoute',
      [gateway, 'HTTPRoute', { hostnames: ['a.io', '*.b.io'] }],
      ['a.io /spec/hostnames/0', '*.b.io /spec/hostnames/1'],
    ],
    ['an HTTPRoute of all hosts of its Gateway', [gateway, 'HTTPRoute', { rules: [] }], ['(every) /spec']],
    [
      'an Ingress with a backend for what no rule is for',
      ['networking.k8s.io/v1', 'Ingress', { rules: [{ host: 'a.io' }], defaultBackend: {} }],
      ['a.io /spec/rules/0/host', '(every) /spec/defaultBackend'],
    ],
    [
      'an Ingress with further hosts in annotations',
      [
        ...(['networking.k8s.io/v1', 'Ingress', { rules: [{ host: 'a.io' }] }] as const),
        {
          'nginx.ingress.kubernetes.io/server-alias': 'b.io,c.io',
          'haproxy-ingress.github.io/server-alias-regex': '^.*$',
          'cert-manager.io/common-name': 'd.io',
        },
      ],
      [
        'a.io /spec/rules/0/host',
        'b.io /metadata/annotations/nginx.ingress.kubernetes.io/server-alias',
        'c.io /metadata/annotations/nginx.ingress.kubernetes.io/server-alias',
        '^.*$ /metadata/annotations/haproxy-ingress.github.io/server-alias-regex',
        'd.io /metadata/annotations/cert-manager.io/common-name',
      ],
    ],
    [
      "OpenShift's Route with all hosts beside its own",
      ['route.openshift.io/v1', 'Route', { host: 'pr-1.a.io', wildcardPolicy: 'Subdomain' }],
      ['pr-1.a.io /spec/host', '*.a.io /spec/wildcardPolicy'],
    ],
    ['a TCPRoute, which knows no host', [gateway, 'TCPRoute', { rules: [] }], ['(every) /spec']],
    [
      'a Gateway',
      [gateway, 'Gateway', { listeners: [{ hostname: 'a.io' }, { port: 80 }] }],
      ['a.io /spec/listeners/0/hostname', '(every) /spec/listeners/1'],
    ],
    ["OpenShift's Route without a host", ['route.openshift.io/v1', 'Route', { to: {} }], ['(every) /spec']],
    [
      'a Certificate',
      ['cert-manager.io/v1', 'Certificate', { dnsNames: ['a.io'], commonName: 'b.io' }],
      ['a.io /spec/dnsNames/0', 'b.io /spec/commonName'],
    ],
    [
      'a DNSEndpoint',
      ['externaldns.k8s.io/v1alpha1', 'DNSEndpoint', { endpoints: [{ dnsName: 'a.io' }] }],
      ['a.io /spec/endpoints/0/dnsName'],
    ],
    [
      'a Service with the annotation of external-dns',
      ['v1', 'Service', {}, { 'external-dns.alpha.kubernetes.io/hostname': 'a.io, b.io' }],
      [
        'a.io /metadata/annotations/external-dns.alpha.kubernetes.io/hostname',
        'b.io /metadata/annotations/external-dns.alpha.kubernetes.io/hostname',
      ],
    ],
    ['a Service', ['v1', 'Service', { ports: [] }], []],
    ['an Ingress of another group', ['example.com/v1', 'Ingress', { rules: [{ host: 'a.io' }] }], []],
  ])('are those of %s', (_title, given, hosts) => {
    expect(wanted(...given)).toEqual(hosts);
  });
});
