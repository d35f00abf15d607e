import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pushBaseImages, type RegistryAuth, startTestbed, type Testbed, toolPath } from '../src/index.ts';

const run = promisify(execFile);
const BUILD = 600_000;

describe.each<RegistryAuth>(['none', 'basic', 'token'])('a registry with auth %s', auth => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['registry'], registryAuth: auth });
  }, BUILD);

  afterAll(async () => {
    await testbed.stop();
  });

  function registry() {
    if (testbed.registry === undefined) throw new Error('the testbed has no registry');
    return testbed.registry;
  }

  it(
    'takes the base images and gives them back under the same digest, to another client too',
    async () => {
      const first = await pushBaseImages(registry());
      const second = await pushBaseImages(registry());
      expect(second).toEqual(first);
      const crane = await toolPath('crane');
      const env = { ...process.env, DOCKER_CONFIG: registry().dockerConfig ?? testbed.directory };
      const { stdout } = await run(crane, ['digest', first.base.name, '--insecure'], { env });
      expect(stdout.trim()).toBe(first.base.digest);
    },
    BUILD,
  );

  it(`${auth === 'none' ? 'lets everyone in' : 'wants to know who asks'}`, async () => {
    const answer = await fetch(`http://${registry().address}/v2/_catalog`);
    const challenge = answer.headers.get('www-authenticate')?.split(' ')[0];
    const expected = { none: [200, undefined], basic: [401, 'Basic'], token: [401, 'Bearer'] };
    expect([answer.status, challenge]).toEqual(expected[auth]);
  });

  if (auth === 'none') return;

  it(
    'refuses a wrong password',
    async () => {
      await expect(pushBaseImages({ ...registry(), password: 'wrong' })).rejects.toMatchObject({
        code: 'testbed-registry',
      });
    },
    BUILD,
  );
});

describe('the token server', () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['registry'], registryAuth: 'token' });
  }, BUILD);

  afterAll(async () => {
    await testbed.stop();
  });

  async function startUpload(repository: string, token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    const { address } = testbed.registry ?? {};
    return (await fetch(`http://${address}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers }))
      .status;
  }

  async function realm(): Promise<string> {
    const challenge = (await fetch(`http://${testbed.registry?.address}/v2/`)).headers.get(
      'www-authenticate',
    );
    return /realm="([^"]+)"/.exec(challenge ?? '')?.[1] ?? '';
  }

  it('gives a token for what was asked and nothing else', async () => {
    const { username, password } = testbed.registry ?? {};
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const url = `${await realm()}?service=testbed&scope=repository:mine:pull,push`;
    const { token } = (await (await fetch(url, { headers: { authorization } })).json()) as { token: string };
    expect(await startUpload('mine', token)).toBe(202);
    expect(await startUpload('theirs', token)).toBe(401);
  });

  it('also takes the form that Docker sends with a password', async () => {
    const { username = '', password = '' } = testbed.registry ?? {};
    const scope = 'repository:mine:pull,push repository:other/one:pull';
    const body = new URLSearchParams({
      grant_type: 'password',
      service: 'testbed',
      username,
      password,
      scope,
    });
    const answer = await fetch(await realm(), { method: 'POST', body });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect(await startUpload('mine', token)).toBe(202);
    expect(await startUpload('other/one', token)).toBe(401);
  });

  it('gives nothing to a stranger', async () => {
    expect((await fetch(`${await realm()}?service=testbed&scope=repository:mine:pull`)).status).toBe(401);
  });
});
