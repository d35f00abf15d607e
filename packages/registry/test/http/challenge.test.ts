import { describe, expect, it } from '@jest/globals';
import { parseChallenges } from '../../src/http/challenge.ts';

describe('what a registry says about authentication', () => {
  it.each([
    ['Basic realm="testbed"', [{ scheme: 'basic', parameters: { realm: 'testbed' } }]],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        },
      ],
    ],
    [
      'BEARER Realm=token , service="a \\"b\\""',
      [{ scheme: 'bearer', parameters: { realm: 'token', service: 'a "b"' } }],
    ],
    [
      'Bearer realm="r, Basic realm=x", Basic realm="y"',
      [
        { scheme: 'bearer', parameters: { realm: 'r, Basic realm=x' } },
        { scheme: 'basic', parameters: { realm: 'y' } },
      ],
    ],
    ['Negotiate', []],
    ['Negotiate, Basic realm="y"', [{ scheme: 'basic', parameters: { realm: 'y' } }]],
    ['', []],
  ])('%s', (header, challenges) => {
    expect(parseChallenges(header)).toEqual(challenges);
  });
});
