import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pushBaseImages, startTestbed, type Testbed } from '../src/index.ts';

const run = promisify(execFile);

const DOCKERFILE = `ARG BASE
FROM \${BASE}
WORKDIR /srv
COPY page.txt .
RUN --mount=type=secret,id=word set -e; \\
    mkdir -p www; \\
    cat page.txt > www/index.html; \\
    [ "$(cat /run/secrets/word)" = open-sesame ]; \\
    chmod 644 www/index.html
USER 65534
ENTRYPOINT ["httpd", "-h", "/srv/www"]
`;

describe('the builder', () => {
  let testbed: Testbed;
  let folder = '';

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['registry', 'buildkit'] });
    folder = await mkdtemp(join(tmpdir(), 'slipway-build-'));
  }, 600_000);

  afterAll(async () => {
    await testbed.stop();
    await rm(folder, { recursive: true });
  });

  it('builds on the base image with the shell and a secret, and pushes to the registry', async () => {
    const { registry, buildkit } = testbed;
    if (registry === undefined || buildkit === undefined) throw new Error('the testbed lacks a part');
    const { base } = await pushBaseImages(registry);
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
    await writeFile(join(folder, 'page.txt'), 'hello\n');
    await writeFile(join(folder, 'word'), 'open-sesame');
    await run(buildkit.buildctl, [
      ...['--addr', buildkit.address, 'build', '--frontend', 'dockerfile.v0', '--progress', 'plain'],
      ...[
        '--local',
        `context=${folder}`,
        '--local',
        `dockerfile=${folder}`,
        '--opt',
        `build-arg:BASE=${base.name}`,
      ],
      ...[
        '--secret',
        `id=word,src=${join(folder, 'word')}`,
        '--metadata-file',
        join(folder, 'metadata.json'),
      ],
      ...['--output', `type=image,name=${registry.address}/web:1,push=true,registry.insecure=true`],
    ]);
    const metadata = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const accept =
      'application/vnd.oci.image.manifest.v1+json,application/vnd.docker.distribution.manifest.v2+json';
    const answer = await fetch(`http://${registry.address}/v2/web/manifests/1`, { headers: { accept } });
    expect(answer.headers.get('docker-content-digest')).toBe(metadata['containerimage.digest']);
  }, 600_000);
});
