import { isHeaderWord } from '../../http/exchange.ts';
import { cloudError, connectCloud } from '../http/cloud-service.ts';
import { GOOGLE_RETRIES, type GoogleConnection, type GoogleSurroundings } from './google-client.ts';
import { identifyToGoogle } from './google-identity.ts';
import { isProjectNumber } from './google-path.ts';
import type { GoogleSettings } from './google-settings.ts';

/** Everything that Google's store asks with. */
export interface GoogleSession {
  readonly connection: GoogleConnection;
  /** The access token of the one identity of the run. @throws SlipwayError as `identifyToGoogle` does */
  token(): Promise<string>;
  /**
   * Whether a project that an answer names may be the one that was asked for. Only Google knows which number belongs to an ID; so the
   * first one that is answered holds for the rest of the run, and for no other ID.
   */
  isProject(asked: string, answered: string): boolean;
}

/** Nothing is asked before the first secret is read. */
export function openGoogleSession(settings: GoogleSettings, surroundings: GoogleSurroundings): GoogleSession {
  const connection = {
    send: connectCloud(surroundings, GOOGLE_RETRIES),
    endpoint: settings.endpoint,
  };
  let identifying: Promise<string> | undefined;
  const introduced = async (): Promise<string> => {
    const { token, name, source } = await identifyToGoogle(settings, surroundings, connection);
    if (!isHeaderWord(token)) throw unusableToken(source);
    surroundings.logger.info(`Google Cloud is asked for secrets as ${name}, from ${source}`);
    return token;
  };
  return {
    connection,
    token: async () => {
      identifying ??= introduced();
      return await identifying;
    },
    isProject: projectNames(),
  };
}

function unusableToken(source: string): Error {
  return cloudError(
    'cloud-login-refused',
    `the access token from ${source} cannot be sent: white space, a line break or another character that Google never writes is in it`,
    'store it again without the line break at its end, or log in with "gcp-provider"',
  );
}

function projectNames(): GoogleSession['isProject'] {
  const [numbers, ids] = [new Map<string, string>(), new Map<string, string>()];
  return (asked, answered) => {
    if (isProjectNumber(asked) || !isProjectNumber(answered)) return asked === answered;
    const [number, id] = [numbers.get(asked) ?? answered, ids.get(answered) ?? asked];
    if (number !== answered || id !== asked) return false;
    numbers.set(asked, answered);
    ids.set(answered, asked);
    return true;
  };
}
