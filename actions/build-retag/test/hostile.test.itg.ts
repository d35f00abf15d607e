import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { getManifest, parseReference } from '@slipway/registry';
import { toolPath } from '@slipway/testbed';
import { READER } from '@slipway/testbed/token-server';
import { plantRepository } from '@slipway/testkit/git';
import { pushManifest, pushRandomImage } from '@slipway/testkit/registry';
import { expectFailure, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

/** Names another ready-made image in slipway.yaml. */
function nameImage(image: string): void {
  const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
  stage.workspace.write('slipway.yaml', file.replace(/image: .*/, `image: ${JSON.stringify(image)}`));
  stage.workspace.commit();
}

/** Logins of docker for the testbed's registry. */
function loginAs(username: string, password: string): Record<string, string> {
  const folder = mkdtempSync(join(stage.scratch, 'docker-'));
  mkdirSync(folder, { recursive: true });
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ auths: { [stage.registry.address]: { auth } } }),
  );
  return { DOCKER_CONFIG: folder };
}

describe('a ready-made image', () => {
  it.each([
    [
      'in upper case',
      'ghcr.io/Acme/Redis:7',
      /slipway\.yaml:\d+:\d+: .*"ghcr\.io\/Acme\/Redis" does not name an image.*lower case/,
    ],
    [
      'with a tag that is too long',
      `ghcr.io/acme/redis:${'a'.repeat(129)}`,
      /its tag may contain .* at most 128/,
    ],
    ['with half a digest', 'ghcr.io/acme/redis@sha256:abc', /sha256: and 64 hexadecimal digits/],
    ['with a command of the workflow in its name', 'a::set-output name=x::y', /does not name an image/],
  ])('%s is refused on its line, before anything is built', async (_case, image, sentence) => {
    nameImage(image);
    const result = await stage.run({ 'deployment-tag': 'v1' });
    expectFailure(result, sentence);
    expect(result.annotations[0]).toMatchObject({ file: 'slipway.yaml', line: 11 });
    expect(result.log).not.toContain('Build api');
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('that is a chart is refused, and nothing is tagged', async () => {
    const image = await pushRandomImage(stage.registry, `${stage.path}/chart`, '1');
    const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', ...image.layers[0] };
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [],
    };
    await pushManifest(stage.registry, `${stage.path}/chart`, 'chart', manifest as never);
    nameImage(`${stage.registry.address}/${stage.path}/chart:chart`);
    expectFailure(await stage.run({ 'deployment-tag': 'v1' }), /chart:chart" is not a container image/);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('by a digest that the registry does not have is refused', async () => {
    nameImage(`${stage.registry.address}/library/redis@sha256:${'a'.repeat(64)}`);
    expectFailure(await stage.run({ 'deployment-tag': 'v1' }), /has no image .*@sha256:a{20}/);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('that was pushed with labels as if it were built from this very commit is not taken for it', async () => {
    stage.workspace.commit();
    const first = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1' })));
    stage.workspace.write('web/app.txt', 'new\n');
    const revision = stage.workspace.commit();
    const image = `${stage.registry.address}/${stage.path}/web`;
    const label = `org.opencontainers.image.revision=${revision}`;
    const args = ['mutate', '--insecure', `${image}:v1`, '--label', label, '--tag', `${image}:forged`];
    const env = { PATH: '/usr/bin:/bin', DOCKER_CONFIG: stage.registry.dockerConfig ?? '' };
    execFileSync(await toolPath('crane'), args, { env, stdio: 'ignore' });
    const again = succeeded(await stage.run({ 'deployment-tag': 'v2' }));
    expect(again.log).not.toContain('Not built');
    const { digest } = snapshotOf(again).images['web'] ?? {};
    expect(digest).not.toBe(await stage.tagged('web', 'forged'));
    expect(digest).not.toBe(first.images['web']?.digest);
  });
});

describe('a login', () => {
  it('that may only pull is told so, and leaves nothing', async () => {
    stage.workspace.commit();
    const result = await stage.run(
      { 'deployment-tag': 'v1' },
      loginAs(READER, stage.registry.password ?? ''),
    );
    expectFailure(result, /refused to .*HTTP 401 "UNAUTHORIZED"\); log in to .* as a user who may do this/);
    expect(result.raw).not.toContain(stage.registry.password);
    expect(stage.stored()).toEqual([]);
  });

  it('that may only pull is enough to promote', async () => {
    stage.workspace.commit();
    const first = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v1' })));
    for (const destination of ['main', 'second']) await stage.pass(first, destination);
    const login = loginAs(READER, stage.registry.password ?? '');
    expect(snapshotOf(succeeded(await stage.run({ promote: 'staging' }, login)))).toEqual(first);
  });
});

describe('a repository that a pull request committed as ordinary files', () => {
  it('is not taken for the checkout, and nothing in its configuration is run', async () => {
    const { workspace } = stage;
    const app = join(workspace.path, 'app');
    mkdirSync(app);
    for (const name of ['slipway.yaml', 'formations', 'stencils', 'api', 'web'])
      cpSync(join(workspace.path, name), join(app, name), { recursive: true });
    const sources = workspace.commit();
    const planted = plantRepository(
      app,
      ['api', 'web'],
      join(mkdtempSync(join(stage.scratch, 'ran-')), 'ran'),
    );
    const revision = workspace.commit();
    const inputs = { application: 'app/slipway.yaml', 'deployment-tag': 'v1' };
    const { outputs } = succeeded(await stage.run(inputs));
    expect(outputs['git-revision']).toBe(revision);
    const web = parseReference(`${stage.registry.address}/${stage.path}/web:v1`);
    const { content } = await getManifest(stage.client, web);
    expect(content['annotations']).toMatchObject({ 'org.opencontainers.image.revision': sources });
    expect(planted.wasRun()).toBe(false);
  });
});
