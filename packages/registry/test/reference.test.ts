import { describe, expect, it } from '@jest/globals';
import { formatReference, parseReference, parseRepository } from '@slipway/registry';
import { thrownBy } from '@slipway/testkit/errors';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a reference to an image', () => {
  it.each([
    ['redis', 'docker.io/library/redis:latest'],
    ['redis:7.4', 'docker.io/library/redis:7.4'],
    ['acme/api:1', 'docker.io/acme/api:1'],
    ['docker.io/library/redis:7.4', 'docker.io/library/redis:7.4'],
    ['index.docker.io/acme/api', 'docker.io/acme/api:latest'],
    ['ghcr.io/acme/shop/api:v1', 'ghcr.io/acme/shop/api:v1'],
    ['localhost/api', 'localhost/api:latest'],
    ['127.0.0.1:5000/shop/api', '127.0.0.1:5000/shop/api:latest'],
    ['[::1]:5000/shop/api:2', '[::1]:5000/shop/api:2'],
    ['GHCR.io/acme/api:V1', 'ghcr.io/acme/api:V1'],
    [`ghcr.io/acme/api@${digest}`, `ghcr.io/acme/api@${digest}`],
    [`ghcr.io/acme/api:v1@${digest}`, `ghcr.io/acme/api:v1@${digest}`],
    ['ghcr.io/a__b/c--d/e.f_g:1', 'ghcr.io/a__b/c--d/e.f_g:1'],
  ])('%s is read as %s', (text, whole) => {
    expect(formatReference(parseReference(text))).toBe(whole);
  });

  it.each([
    ['no name', ''],
    ['upper case in the repository', 'ghcr.io/Acme/api:1'],
    ['a tag with a slash', 'ghcr.io/acme/api:a/b'],
    ['a tag of 129 characters', `ghcr.io/acme/api:${'a'.repeat(129)}`],
    ['a digest that is cut', 'ghcr.io/acme/api@sha256:abc'],
    ['a digest of another kind', `ghcr.io/acme/api@md5:${'a'.repeat(32)}`],
    ['two digests', `ghcr.io/acme/api@${digest}@${digest}`],
    ['a step upwards', 'ghcr.io/../api:1'],
    ['an address with a scheme', 'https://ghcr.io/acme/api:1'],
    ['a query', 'ghcr.io/acme/api?x=y:1'],
    ['a host that is a path', '../.:1/api'],
    ['a name of 300 characters', `ghcr.io/${'a'.repeat(300)}`],
  ])('%s is refused', (_case, text) => {
    expect(thrownBy(() => parseReference(text)).code).toBe('reference-invalid');
  });
});

it('a repository has neither tag nor digest', () => {
  expect(parseRepository('127.0.0.1:5000/shop')).toEqual({ registry: '127.0.0.1:5000', path: 'shop' });
  expect(thrownBy(() => parseRepository('ghcr.io/acme/api:1')).code).toBe('reference-invalid');
});
