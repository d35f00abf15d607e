import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lineUriOf } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';

const workspace = mkdtempSync(join(tmpdir(), 'lines-'));
writeFileSync(join(workspace, 'a (b)#c.yaml'), '');
afterAll(() => rmSync(workspace, { recursive: true }));

const pageOf = (path: string, sha = 'c0ffee') =>
  lineUriOf(fakeRunner({ workspace, context: { repository: 'acme/shop', sha } }))({
    path,
    line: 3,
    column: 1,
  });

describe('the page of a line', () => {
  it('is of the commit that is checked out, and cannot end the link that it is in', () => {
    expect(pageOf('a (b)#c.yaml')).toBe('https://github.com/acme/shop/blob/c0ffee/a%20%28b%29%23c.yaml#L3');
  });

  it('is of the commit that has the file, where that is not the one that is checked out', () => {
    const page = lineUriOf(fakeRunner({ workspace, context: { repository: 'acme/shop', sha: 'c0ffee' } }));
    const at = { path: 'stencils/gone.yaml', line: 3, column: 1, revision: 'decade' };
    expect(page(at)).toBe('https://github.com/acme/shop/blob/decade/stencils/gone.yaml#L3');
  });

  it('does not exist for a file that the repository does not have, nor outside of a run', () => {
    expect(pageOf('charts/templates/api.yaml')).toBeUndefined();
    expect(pageOf('a (b)#c.yaml', '')).toBeUndefined();
  });
});
