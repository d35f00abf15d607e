import { parseBody } from '../../http/json-body.ts';
import { textIn } from '../http/json-values.ts';

/** What may be in a header. */
export function isToken(text: string): boolean {
  return /^[\w.~+/=-]+$/.test(text);
}

/** Who a token says that it is of; for the log and for comparing tenants, as only Azure can check it. */
export function ownerOf(token: string): { readonly client: string; readonly tenant: string } {
  const claims = parseBody(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const client = textIn(claims, 'appid') || textIn(claims, 'azp') || textIn(claims, 'oid');
  return { client, tenant: textIn(claims, 'tid') };
}
