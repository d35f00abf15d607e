import type { StoreSurroundings } from '@slipway/secrets';
import { googleSecretManager, openGoogleSession } from '../../src/clouds/cloud-stores.ts';
import type { GoogleSettings } from '../../src/clouds/google/google-settings.ts';
import { JOB_TOKEN, PROVIDER } from './google-server.ts';

type Wanted = Partial<Pick<StoreSurroundings, 'environment' | 'exec' | 'workspace'>> &
  Partial<GoogleSettings>;

/** The store of Google at one address, with what it told, masked and asked of the runner. By default the job logs in with its token. */
export function googleStore(address: string, wanted: Wanted = {}) {
  const { environment = {}, exec = () => Promise.reject(new Error('no program is expected')) } = wanted;
  const { workspace = '/nonexistent', provider = PROVIDER, serviceAccount = '', identity } = wanted;
  const [told, masked, audiences, pauses] = [[] as string[], [] as string[], [] as string[], [] as number[]];
  const tell = (message: string) => void told.push(message);
  const session = openGoogleSession(
    { provider, serviceAccount, identity, endpoint: new URL(address) },
    {
      environment,
      exec,
      workspace,
      idToken: async audience => {
        audiences.push(audience);
        return JOB_TOKEN;
      },
      mask: secret => void masked.push(secret),
      logger: { info: tell, warning: tell },
      signal: AbortSignal.timeout(60_000),
      wait: async milliseconds => void pauses.push(milliseconds),
    },
  );
  return { store: googleSecretManager(session), told, masked, audiences, pauses };
}
