import type { Fields } from '../entries/fields.ts';

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
export interface Impersonation {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
/** The bytes that a name of a header may have, but for `%`, by which the others are written. */
const PLAIN = /[!#$&'*+.0-9A-Z^_`a-z|~-]/;

/** @throws SlipwayError `kubeconfig-invalid` for more than a name without one, as kubectl does */
export function parseImpersonation(fields: Fields): Impersonation | undefined {
  const impersonated = {
    name: fields.text('as'),
    uid: fields.text('as-uid'),
    groups: fields.texts('as-groups'),
    extra: fields.textLists('as-user-extra'),
  };
  const { name, uid, groups, extra } = impersonated;
  // A line break would be the end of a header.
  if ([name, uid, ...groups, ...[...extra.values()].flat()].some(text => CONTROL.test(text)))
    throw fields.wrong('acts as a user or a group with a control character in it', 'remove it');
  if (name !== '') return impersonated;
  if (uid !== '' || groups.length > 0 || extra.size > 0)
    throw fields.wrong('has as-uid, as-groups or as-user-extra without as', 'name the user to act as in as');
  return undefined;
}

/**
 * The headers by which a request is sent for another user. Node writes a character of a header as one byte, and kubectl all texts as
 * UTF-8.
 */
export function impersonationHeaders({
  name,
  uid,
  groups,
  extra,
}: Impersonation): Record<string, string | string[]> {
  const lists = new Map<string, readonly string[]>([['Impersonate-Group', groups]]);
  for (const [key, values] of extra) {
    // Names of headers that differ in their case are one header.
    const header = `Impersonate-Extra-${escaped(key)}`.toLowerCase();
    lists.set(header, [...(lists.get(header) ?? []), ...values]);
  }
  return {
    'Impersonate-User': inBytes(name),
    ...(uid === '' ? {} : { 'Impersonate-Uid': inBytes(uid) }),
    ...Object.fromEntries(
      [...lists].flatMap(([header, values]) => (values.length === 0 ? [] : [[header, values.map(inBytes)]])),
    ),
  };
}

function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
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
