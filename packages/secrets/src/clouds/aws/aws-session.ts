import { quote } from '@slipway/core';
import type { StoreSurroundings } from '../../store.ts';
import { type CloudConnection, cloudError, connectCloud } from '../http/cloud-service.ts';
import { AWS_RETRIES, type AwsConnection } from './aws-client.ts';
import { type AwsIdentity, identify } from './aws-identity.ts';
import { parseAwsPath } from './aws-path.ts';
import { type AwsSettings, accountOfArn } from './aws-settings.ts';
import type { AwsCredentials } from './sign-request.ts';

/** Everything that both stores of AWS ask with. */
export interface AwsSession {
  readonly connection: AwsConnection;
  /**
   * The credentials for a secret, whose account is known to be the one of its line before anything is asked of its store.
   * @throws SlipwayError `cloud-other-account`, and as `identify` does
   */
  credentialsFor(path: string): Promise<AwsCredentials>;
}

type Surroundings = Omit<StoreSurroundings, 'readFile'> & Pick<CloudConnection, 'wait'>;

/** Nothing is asked before the first secret is read. One identity serves all accounts unless there are several roles. */
export function openAwsSession(settings: AwsSettings, surroundings: Surroundings): AwsSession {
  const send = connectCloud(surroundings, AWS_RETRIES);
  const connection = { send, endpoint: settings.endpoint, now: () => new Date() };
  const known = new Map<string, Promise<AwsIdentity>>();
  const identityOf = async (account: string, region: string): Promise<AwsIdentity> => {
    const own = settings.roles.some(role => accountOfArn(role) === account) ? account : '';
    const identifying = known.get(own) ?? introduced(account, region);
    known.set(own, identifying);
    return await identifying;
  };
  const introduced = async (account: string, region: string): Promise<AwsIdentity> => {
    const identity = await identify(account, region, settings, surroundings, connection);
    surroundings.logger.info(`AWS is asked for secrets as ${identity.arn}, from ${identity.source}`);
    return identity;
  };
  return {
    connection,
    async credentialsFor(path) {
      const { account, region } = parseAwsPath(path);
      const { arn, credentials } = await identityOf(account, region);
      if (accountOfArn(arn) === account) return credentials;
      throw cloudError(
        'cloud-other-account',
        `${quote(path)} is in the account ${account}, and the step is logged in as ${quote(arn)}`,
        'fix the account of this entry, or add a role of that account to "aws-role"',
      );
    },
  };
}

/** One session for both stores of a run, so that the log names the identity once. */
const sessions = new WeakMap<StoreSurroundings, AwsSession>();

export function awsSessionOf(surroundings: StoreSurroundings, settings: AwsSettings): AwsSession {
  const session = sessions.get(surroundings) ?? openAwsSession(settings, surroundings);
  sessions.set(surroundings, session);
  return session;
}
