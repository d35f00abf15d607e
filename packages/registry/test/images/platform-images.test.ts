import { describe, expect, it } from '@jest/globals';
import { indexOf, type PlatformImage } from '@slipway/registry';

const image = (architecture: string, attestations: PlatformImage['attestations'] = []): PlatformImage => ({
  platform: `linux/${architecture}`,
  entry: {
    mediaType: 'm',
    digest: `sha256:${architecture}`,
    size: 1,
    platform: { architecture, os: 'linux' },
  },
  attestations,
  annotations: {},
});

describe('the index of some images', () => {
  it('has the images first, then what is said about them', () => {
    const { content, size, bytes } = indexOf(
      [image('amd64', [{ digest: 'sha256:a' }]), image('arm64', [{ digest: 'sha256:b' }])],
      {},
    );
    expect(content['manifests']).toMatchObject(
      ['amd64', 'arm64', 'a', 'b'].map(name => ({ digest: `sha256:${name}` })),
    );
    expect(content).not.toHaveProperty('annotations');
    expect(size).toBe(bytes.length);
  });

  it('is written as Go writes JSON, with sorted annotations', () => {
    const { bytes } = indexOf([image('amd64')], { title: 'a <b> & "c"', author: 'ü' });
    expect(bytes.toString()).toMatch(
      /,\n {2}"annotations": \{\n {4}"author": "ü",\n {4}"title": "a \\u003cb\\u003e \\u0026 \\"c\\""\n {2}\}\n\}$/,
    );
  });
});
