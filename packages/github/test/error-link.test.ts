import { describe, expect, it } from '@jest/globals';
import { errorLink } from '../src/error-link.ts';

const NEWEST = 'https://github.com/slipway-dev/slipway/blob/main/docs/errors.md#lock-timeout';

describe('the link to the entry of an error code', () => {
  it.each<[string, Record<string, string>, string]>([
    ['is the newest text for an action of the checkout', {}, NEWEST],
    [
      'is the text of the version that runs',
      { GITHUB_ACTION_REPOSITORY: 'slipway-dev/slipway', GITHUB_ACTION_REF: 'v1' },
      'https://github.com/slipway-dev/slipway/blob/v1/docs/errors.md#lock-timeout',
    ],
    [
      "is a fork's own text",
      {
        GITHUB_ACTION_REPOSITORY: 'acme/slipway',
        GITHUB_ACTION_REF: 'team/x',
        GITHUB_SERVER_URL: 'https://github.com',
      },
      'https://github.com/acme/slipway/blob/team/x/docs/errors.md#lock-timeout',
    ],
    [
      "is on the company's server for a repository of that server",
      {
        GITHUB_ACTION_REPOSITORY: 'tools/slipway',
        GITHUB_ACTION_REF: 'v1',
        GITHUB_SERVER_URL: 'https://git.acme.io',
      },
      'https://git.acme.io/tools/slipway/blob/v1/docs/errors.md#lock-timeout',
    ],
    [
      "is on github.com for our repository, which the company's server may run from there",
      {
        GITHUB_ACTION_REPOSITORY: 'Slipway-dev/slipway',
        GITHUB_ACTION_REF: 'v1',
        GITHUB_SERVER_URL: 'https://git.acme.io',
      },
      'https://github.com/Slipway-dev/slipway/blob/v1/docs/errors.md#lock-timeout',
    ],
    [
      'encodes a ref that would end the link',
      { GITHUB_ACTION_REPOSITORY: 'acme/slipway', GITHUB_ACTION_REF: 'a)b#c [d](e' },
      'https://github.com/acme/slipway/blob/a%29b%23c%20%5Bd%5D%28e/docs/errors.md#lock-timeout',
    ],
    [
      'is the newest text for a name that no repository has',
      { GITHUB_ACTION_REPOSITORY: 'a/b)](https://evil.example', GITHUB_ACTION_REF: 'v1' },
      NEWEST,
    ],
    [
      'leads to no server that is not an https address',
      {
        GITHUB_ACTION_REPOSITORY: 'a/b',
        GITHUB_ACTION_REF: 'v1',
        GITHUB_SERVER_URL: 'https://x) [y](javascript:1',
      },
      'https://github.com/a/b/blob/v1/docs/errors.md#lock-timeout',
    ],
  ])('%s', (_case, environment, url) => {
    expect(errorLink('lock-timeout', environment)).toBe(url);
  });
});
