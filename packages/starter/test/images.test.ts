import { describe, expect, test } from '@jest/globals';
import { matchImages } from '../src/images/match-images.ts';

const ROOT = { name: 'shop', service: { build: { context: '.' } } };
const API = { name: 'api', service: { build: { context: 'api' } } };

function matched(built: Parameters<typeof matchImages>[1], ...images: readonly string[]) {
  return matchImages(
    images.map(image => ({ image, container: 'main' })),
    built,
    'shop',
  );
}

describe('the only Dockerfile and the only image belong together', () => {
  test('also where environments have that image by several tags or digests', () => {
    const images = ['acme/web:v5', 'acme/web:v4', `acme/web@sha256:${'0'.repeat(64)}`];
    const { services, byImage } = matched([ROOT], ...images, 'redis:8');
    expect([...byImage]).toEqual([...images.map(image => [image, 'web']), ['redis:8', 'redis']]);
    expect(services[0]).toMatchObject({
      name: 'web',
      guess: 'it is the only Dockerfile, and acme/web the only image, without the other',
    });
  });

  test('and one that is filled in later by several tags', () => {
    const { byImage } = matched([API], '${REGISTRY}/web:${NEW}', '${REGISTRY}/web:${OLD}');
    expect([...byImage.values()]).toEqual(['api', 'api']);
  });

  test('but not an empty one, which is not an image', () => {
    expect(matched([ROOT], '')).toEqual({ services: [ROOT], byImage: new Map(), unknown: [''] });
  });

  test('but not where another image is left', () => {
    const { services, byImage } = matched([ROOT], 'acme/web:v5', 'acme/web:v4', 'acme/worker:1');
    expect(byImage.get('acme/web:v5')).toBe('web');
    expect(services[0]).toEqual(ROOT);
  });
});
