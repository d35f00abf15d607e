import { describe, expect, it } from '@jest/globals';
import { cachedCredentials } from '../src/cached-credentials.ts';
import { inCluster } from '../src/kubeconfig/in-cluster.ts';
import type { LoadedKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';

/** A kubeconfig whose token is the number of times that it was loaded, and how often its token was read. */
function playing() {
  let now = 0;
  const counts = { loads: 0, reads: 0 };
  const failing: Error[] = [];
  let host = 'a.example';
  const loaded = (): LoadedKubeconfig => {
    const token = ++counts.loads;
    const { cluster, user } = inCluster({
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: '1',
    });
    const readOptions = async () => {
      counts.reads++;
      const failure = failing.shift();
      if (failure !== undefined) throw failure;
      return { headers: { Authorization: `Bearer ${token}` } };
    };
    return { cluster, user, readOptions, renewAt: () => Number.POSITIVE_INFINITY };
  };
  const credentials = cachedCredentials(
    async () => loaded(),
    loaded(),
    {},
    () => now,
  );
  return {
    credentials,
    counts,
    failing,
    move: (to: string) => {
      host = to;
    },
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    async token() {
      const { headers } = await credentials.get();
      return (headers as Record<string, string>)['Authorization'];
    },
  };
}

describe('what requests are sent with', () => {
  it('is read once for a minute', async () => {
    const { token, counts, later } = playing();
    await Promise.all([token(), token(), token()]);
    later(59_000);
    await token();
    expect(counts).toEqual({ loads: 1, reads: 1 });
    later(2_000);
    await token();
    expect(counts).toEqual({ loads: 1, reads: 2 });
  });

  it('is renewed once for many requests that are refused, however late their answers come', async () => {
    const { credentials, token, counts } = playing();
    const used = await credentials.get();
    for (let request = 0; request < 20; request++) {
      credentials.renew(used);
      expect(await token()).toBe('Bearer 2');
    }
    expect(counts.loads).toBe(2);
  });

  it('is renewed again if what was renewed is refused', async () => {
    const { credentials, token } = playing();
    credentials.renew(await credentials.get());
    credentials.renew(await credentials.get());
    expect(await token()).toBe('Bearer 3');
  });

  it('is renewed if the same was read again meanwhile', async () => {
    const { credentials, token, later } = playing();
    const used = await credentials.get();
    later(61_000);
    await token();
    credentials.renew(used);
    expect(await token()).toBe('Bearer 2');
  });

  it('is never sent to another server, which a kubeconfig names that was written again', async () => {
    const { credentials, token, move } = playing();
    const used = await credentials.get();
    move('b.example');
    credentials.renew(used);
    await expect(credentials.get()).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining(
        'names the server https://b.example:1 now, and named https://a.example:1',
      ),
    });
    move('a.example');
    expect(await token()).toBe('Bearer 1');
  });

  it('is tried again after a failure, which only the requests that waited for it have', async () => {
    const { credentials, token, failing } = playing();
    failing.push(new Error('throttled'));
    await expect(credentials.get()).rejects.toThrow('throttled');
    expect(await token()).toBe('Bearer 1');
  });
});
