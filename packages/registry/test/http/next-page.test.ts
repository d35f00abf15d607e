import { expect, it } from '@jest/globals';
import { nextPage } from '../../src/http/next-page.ts';

const next = (link: string | string[] | undefined) =>
  nextPage(link, { registry: 'registry.acme.io', target: 'shop/tags/list?n=1000' });

it.each([
  ['a path', '</v2/shop/tags/list?last=v1&n=1000>; rel="next"'],
  ['an address of the registry', '<https://registry.acme.io/v2/shop/tags/list?last=v1&n=1000>; rel=next'],
  ['an address of another host', '<http://10.0.0.7:5000/v2/shop/tags/list?last=v1&n=1000>; rel="next"'],
  ['an address without a scheme', '<//registry/v2/shop/tags/list?last=v1&n=1000>; rel="next"'],
  ['a relative address', '<list?last=v1&n=1000>; rel="next"'],
  ['a query', '<?last=v1&n=1000>; rel="next"'],
  ['one of two', '</v2/shop/tags/list>; rel="first", </v2/shop/tags/list?last=v1&n=1000>; rel="next"'],
  ['one with spaces', '</v2/shop/tags/list?last=v1&n=1000> ; rel = "prefetch next"'],
])('a list goes on below /v2/ of the same registry: %s', (_name, link) => {
  expect(next(link)).toBe('shop/tags/list?last=v1&n=1000');
});

it.each([
  ['no header', undefined],
  ['another relation', '</v2/shop/tags/list?last=v1>; rel="first"'],
  ['an address with that word', '</v2/next/tags/list?rel=next>; rel="first"'],
])('a list ends without a next page: %s', (_name, link) => {
  expect(next(link)).toBeUndefined();
});

it.each([
  ['a path beside /v2/', '</api/docker/shop/tags/list?last=v1>; rel="next"'],
  ['a path that leaves /v2/', '</v2/../other>; rel="next"'],
  ['a path that would be another host', '</v2///elsewhere.io/shop>; rel="next"'],
  ['a path that would be another address', '</v2/http://elsewhere.io/shop>; rel="next"'],
  ['no address', '; rel="next"'],
  ['an address that is not one', '<http://[>; rel="next"'],
])('a next page that cannot be asked for is an error, and not the end of the list: %s', (_name, link) => {
  expect(() => next(link)).toThrow(expect.objectContaining({ code: 'registry-answer-invalid' }));
});
