import { describe, expect, it } from '@jest/globals';
import { type Manifest, platformsOf } from '@slipway/registry';

const manifestOf = (mediaType: string, content: Manifest['content']): Manifest => ({
  mediaType,
  digest: '',
  size: 0,
  bytes: Buffer.alloc(0),
  content,
});

describe('the platforms of an image', () => {
  it('are those of its index, attestations excepted', () => {
    const manifests = [
      { digest: 'sha256:1', platform: { os: 'linux', architecture: 'amd64' } },
      { digest: 'sha256:2', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
      { digest: 'sha256:3', platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: 'sha256:4' },
    ];
    const index = manifestOf('application/vnd.oci.image.index.v1+json', { manifests });
    expect(platformsOf(index)).toEqual({ 'linux/amd64': 'sha256:1', 'linux/arm/v7': 'sha256:2' });
  });

  it('are not said by an image for one', () => {
    expect(platformsOf(manifestOf('application/vnd.oci.image.manifest.v1+json', { layers: [] }))).toEqual({});
  });
});
