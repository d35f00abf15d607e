import { AwsV4Signer } from 'aws4fetch';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Empty for a key that does not end. */
  readonly sessionToken: string;
}

/** What a signature is bound to: a key that was made for one region is of no use in another. */
export interface SigningScope {
  readonly region: string;
  /** As signatures name it, such as `secretsmanager`. */
  readonly service: string;
}

/** The headers of a POST, which all that is asked of AWS here is, with its signature. */
export async function signRequest(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  { region, service }: SigningScope,
  now: Date,
): Promise<Record<string, string>> {
  const datetime = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const session = sessionToken === '' ? {} : { sessionToken };
  const signer = new AwsV4Signer({
    ...{ method: 'POST', url: url.href, headers, body },
    ...{ accessKeyId, secretAccessKey, ...session, region, service, datetime },
  });
  return Object.fromEntries((await signer.sign()).headers);
}
