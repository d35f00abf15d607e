import type { Impersonation } from '../kubeconfig/user.ts';

/** The bytes that a name of a header may have, but for `%`, which stands before the others. */
const PLAIN = /[!#$&'*+.0-9A-Z^_`a-z|~-]/;

/**
 * The headers by which a request is sent for another user.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationHeaders({
  name,
  uid,
  groups,
  extra,
}: Impersonation): Record<string, string | string[]> {
  const lists = [
    ['Impersonate-Group', groups] as const,
    ...[...extra].map(([key, values]) => [`Impersonate-Extra-${escaped(key)}`, values] as const),
  ];
  return {
    'Impersonate-User': name,
    ...(uid === '' ? {} : { 'Impersonate-Uid': uid }),
    ...Object.fromEntries(
      lists.flatMap(([header, values]) => (values.length === 0 ? [] : [[header, [...values]]])),
    ),
  };
}

/** https://github.com/kubernetes/client-go/blob/v0.36.3/transport/round_trippers.go#L697 */
function escaped(key: string): string {
  return [...Buffer.from(key)]
    .map(byte => [byte, String.fromCharCode(byte)] as const)
    .map(([byte, character]) =>
      PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
