import { type JsonValue, type Path, textMap } from '@slipway/core';
import { objectAt, textAt, valuesAt } from './fields.ts';
import { kindKey } from './kinds.ts';
import type { KubernetesObject } from './object.ts';

/** A host that an object asks traffic, a certificate or a record of DNS for; without one it is for every host. */
export interface WantedHost {
  readonly host?: string;
  readonly path: Path;
}

interface HostFields {
  /** Lists or texts, where `*` is each item of a list. */
  readonly fields: readonly string[];
  /** The items that are for every host if the first field is missing there; the object itself is `''`. */
  readonly everyHost?: string;
}

const ROUTE: HostFields = { fields: ['spec.hostnames.*'], everyHost: 'spec' };
const GATEWAY: HostFields = { fields: ['spec.listeners.*.hostname'], everyHost: 'spec.listeners.*' };
const INGRESS: HostFields = {
  fields: ['spec.rules.*.host', 'spec.tls.*.hosts.*'],
  everyHost: 'spec.rules.*',
};

/**
 * Where kinds say hosts: https://kubernetes.io/docs/reference/kubernetes-api/, https://gateway-api.sigs.k8s.io/reference/spec/,
 * https://cert-manager.io/docs/reference/api-docs/, https://docs.openshift.com and https://kubernetes-sigs.github.io/external-dns/
 */
const FIELDS: Readonly<Record<string, HostFields>> = {
  'Ingress.networking.k8s.io': INGRESS,
  'Ingress.extensions': INGRESS,
  'HTTPRoute.gateway.networking.k8s.io': ROUTE,
  'GRPCRoute.gateway.networking.k8s.io': ROUTE,
  'TLSRoute.gateway.networking.k8s.io': ROUTE,
  'TCPRoute.gateway.networking.k8s.io': { fields: [], everyHost: 'spec' },
  'UDPRoute.gateway.networking.k8s.io': { fields: [], everyHost: 'spec' },
  'Gateway.gateway.networking.k8s.io': GATEWAY,
  'ListenerSet.gateway.networking.k8s.io': GATEWAY,
  'XListenerSet.gateway.networking.x-k8s.io': GATEWAY,
  'Route.route.openshift.io': { fields: ['spec.host'], everyHost: 'spec' },
  'Certificate.cert-manager.io': { fields: ['spec.dnsNames.*', 'spec.commonName'] },
  'DNSEndpoint.externaldns.k8s.io': { fields: ['spec.endpoints.*.dnsName'] },
};

/**
 * Annotations with hosts beside those of the fields: records of external-dns, of any kind that it watches, further hosts of an Ingress,
 * and the name of its certificate. https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#server-alias,
 * https://haproxy-ingress.github.io/docs/configuration/keys/#server-alias and https://cert-manager.io/docs/usage/ingress/
 */
const HOST_ANNOTATIONS = [
  'external-dns.alpha.kubernetes.io/hostname',
  'external-dns.alpha.kubernetes.io/internal-hostname',
  'nginx.ingress.kubernetes.io/server-alias',
  'haproxy-ingress.github.io/server-alias',
  'haproxy-ingress.github.io/server-alias-regex',
  'ingress.kubernetes.io/server-alias',
  'ingress.kubernetes.io/server-alias-regex',
  'cert-manager.io/common-name',
];

/** All hosts that an object asks for, with the keys that lead to each; none for kinds that ask for none. */
export function wantedHosts(object: KubernetesObject): WantedHost[] {
  const known = FIELDS[kindKey(object)];
  return [
    ...(known === undefined ? [] : [...namedHosts(object, known), ...everyHost(object, known)]),
    ...annotatedHosts(object),
    ...besideRules(object),
  ];
}

/** A default backend gets what no rule is for, and OpenShift's policy all hosts beside the one that is named. */
function besideRules(object: KubernetesObject): WantedHost[] {
  const kind = kindKey(object);
  if (kind === 'Route.route.openshift.io' && textAt(object, 'spec', 'wildcardPolicy') === 'Subdomain') {
    const host = (textAt(object, 'spec', 'host') ?? '').replace(/^[^.]*/, '*');
    return [{ host, path: ['spec', 'wildcardPolicy'] }];
  }
  const isBackend = FIELDS[kind] === INGRESS && objectAt(object, 'spec', 'defaultBackend') !== undefined;
  const hasRules = valuesAt(object, ['spec', 'rules', '*']).length > 0;
  return isBackend && hasRules ? [{ path: ['spec', 'defaultBackend'] }] : [];
}

function namedHosts(object: KubernetesObject, { fields }: HostFields): WantedHost[] {
  return fields
    .flatMap(field => valuesAt(object, field.split('.')))
    .map(({ value, path }) => (isText(value) ? { host: value, path } : { path }));
}

/** What has no host is for all of them: a rule of an Ingress, a listener of a Gateway, a route. */
function everyHost(
  object: KubernetesObject,
  { fields: [field], everyHost: items }: HostFields,
): WantedHost[] {
  if (items === undefined) return [];
  const within = field === undefined ? undefined : field.slice(items.length + 1).split('.');
  const without = valuesAt(object, items.split('.')).filter(
    ({ value }) => within === undefined || valuesAt(value, within).length === 0,
  );
  const isWithoutRules = items.includes('*') && valuesAt(object, items.split('.')).length === 0;
  const whole = isWithoutRules && objectAt(object, 'spec') !== undefined ? [{ path: ['spec'] }] : [];
  return [...without.map(({ path }) => ({ path })), ...whole];
}

function annotatedHosts({ metadata }: KubernetesObject): WantedHost[] {
  const annotations = textMap((metadata as { annotations?: JsonValue }).annotations);
  return HOST_ANNOTATIONS.flatMap(name =>
    (annotations[name] ?? '')
      .split(/[,\s]/)
      .map(host => host.trim())
      .filter(host => host !== '')
      .map(host => ({ host, path: ['metadata', 'annotations', name] })),
  );
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string' && value !== '';
}
