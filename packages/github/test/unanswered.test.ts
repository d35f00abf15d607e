import { describe, expect, it } from '@jest/globals';
import { problemOf } from '../src/api/github-api.ts';

const ROUTE = 'GET /repos/{owner}/{repo}/deployments';

describe('a request to GitHub that fails', () => {
  it('without an answer says why there was none, and no status', () => {
    const failure = { status: 500, message: 'connect ECONNREFUSED 127.0.0.1:1' };
    expect(problemOf(failure, ROUTE).message).toContain(
      'failed (GET /repos/deployments: connect ECONNREFUSED 127.0.0.1:1)',
    );
  });

  it('with an answer says its status', () => {
    const failure = { status: 500, message: 'oops', response: {} };
    expect(problemOf(failure, ROUTE).message).toContain('failed (GET /repos/deployments: status 500)');
  });
});
