import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { expectFailure, SECRET, SERVICES, setStage, succeeded } from './stage.ts';

const stage = setStage();
const SENT = 'FROM_THE_SECRET';
const HAS_SECRET = new RegExp(`^#\\d+ [\\d.]+ ${SENT}$`, 'm');
const ALWAYS = { push: 'always', cache: 'registry', 'deployment-tag': 'v2' };

const pullRequest = (head: string, eventName = 'pull_request') => ({
  eventName,
  event: { pull_request: { head: { repo: { full_name: head } } } },
});

/** The run of another workflow after one for a pull request, which has the rights of the default branch. */
const afterPullRequest = (head: string) => ({
  eventName: 'workflow_run',
  event: { workflow_run: { event: 'pull_request', head_repository: { full_name: head } } },
});

/** What changes in `api` decides about its image, so that each test builds it. */
function changeApi(): void {
  const step = `RUN --mount=type=secret,id=token test -r /run/secrets/token && echo ${SENT}`;
  stage.workspace.write(
    'api/Dockerfile',
    `FROM ${stage.images.base.name}\nCOPY app.txt /\n${step} || true\n`,
  );
  stage.workspace.write('api/app.txt', randomUUID());
  stage.workspace.commit();
}

function withoutSecrets(): void {
  const { base, redis } = stage.images;
  stage.workspace.write(
    'slipway.yaml',
    `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${stage.registry.address}/${stage.path}
  services:
    api: {build: {context: api}}
    web: {build: {context: web}}
    cache: {image: "${redis.name}"}
`,
  );
  stage.workspace.write('api/Dockerfile', `FROM ${base.name}\nCOPY app.txt /\n`);
  stage.workspace.write('api/app.txt', randomUUID());
  stage.workspace.commit();
}

const cacheDigests = () => Promise.all(['api', 'web'].map(service => stage.tagged(service, 'slipway-cache')));

describe('a pull request', () => {
  beforeEach(changeApi);

  it('is built, and leaves nothing in the registry', async () => {
    const result = succeeded(await stage.run({ 'deployment-tag': 'v1' }, {}, pullRequest('acme/shop')));
    expect(result.outputs).toEqual({ 'git-revision': expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(result.summary).toContain('Nothing was pushed');
    expect(result.log).toMatch(HAS_SECRET);
    expect(stage.stored()).toEqual([]);
  });

  it('from a fork gets no build secrets, and writes no cache', async () => {
    const inputs = { cache: 'registry', provenance: 'max' };
    const result = succeeded(await stage.run(inputs, {}, pullRequest('stranger/shop')));
    expect(result.log).toContain('test -r /run/secrets/token');
    expect(result.log).not.toMatch(HAS_SECRET);
    expect(stage.stored()).toEqual([]);
  });

  it('that does not build fails', async () => {
    stage.workspace.write('web/Dockerfile', 'FROM stage.scratch\nCOPY missing /\n');
    expectFailure(await stage.run({}, {}, pullRequest('acme/shop')), /the image of "web" does not build/);
  });

  it('is only built in the workflow that runs after its own', async () => {
    const result = succeeded(await stage.run({ cache: 'registry' }, {}, afterPullRequest('stranger/shop')));
    expect(result.log).not.toMatch(HAS_SECRET);
    expect(stage.stored()).toEqual([]);
  });
});

describe('a pull request that is pushed, because the workflow says so', () => {
  it.each([
    ['pull_request', pullRequest('acme/shop')],
    ['pull_request_target', pullRequest('acme/shop', 'pull_request_target')],
    ['workflow_run', afterPullRequest('acme/shop')],
  ])('on %s reads the cache of main, and leaves it as it is', async (_event, event) => {
    stage.workspace.commit();
    succeeded(await stage.run({ cache: 'registry', 'deployment-tag': 'v1' }));
    const before = await cacheDigests();
    expect(before).toEqual([expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/)]);
    changeApi();
    const result = succeeded(await stage.run(ALWAYS, {}, event));
    expect(await stage.taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(result.log).toMatch(HAS_SECRET);
    expect(result.log).toContain('importing cache manifest');
    expect(await cacheDigests()).toEqual(before);
  });

  it('makes no cache where there is none', async () => {
    changeApi();
    succeeded(await stage.run(ALWAYS, {}, pullRequest('acme/shop')));
    expect(await cacheDigests()).toEqual([undefined, undefined]);
  });

  it.each([
    ['pull_request', pullRequest('stranger/shop')],
    ['pull_request_target', pullRequest('stranger/shop', 'pull_request_target')],
    ['workflow_run', afterPullRequest('stranger/shop')],
    [
      'pull_request, and its payload does not say where the branch is',
      { eventName: 'pull_request', event: {} },
    ],
  ])('of a fork is refused where a build needs secrets, on %s', async (_event, event) => {
    changeApi();
    const result = await stage.run({ ...ALWAYS, 'build-secrets': 'token=@not-there' }, {}, event);
    expectFailure(
      result,
      /from a fork, so "api" is not pushed: its build needs "token"; remove "push: always"/,
    );
    expect(result.annotations).toMatchObject([{ file: 'slipway.yaml', line: 7 }]);
    expect(result.raw).not.toContain(SECRET);
    expect(stage.stored()).toEqual([]);
  });

  it('of a fork is pushed where no build needs a secret, and writes no cache', async () => {
    withoutSecrets();
    succeeded(await stage.run(ALWAYS, {}, pullRequest('stranger/shop')));
    expect(await stage.taggedServices('v2')).toEqual([...SERVICES, 'snapshots']);
    expect(await cacheDigests()).toEqual([undefined, undefined]);
  });
});
