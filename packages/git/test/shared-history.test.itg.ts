import { describe, expect, it } from '@jest/globals';
import { commit, exec, git, repository, scratch } from '@slipway/testkit/git';
import { openCheckoutHistory } from '../src/index.ts';

/** A workspace with an application and a second checkout of depth 1 in `platform`. */
function workspaceWith(platform: string): string {
  const workspace = repository({ 'slipway.yaml': 'x\n', '.gitignore': 'platform\n' });
  git(workspace, 'clone', '--quiet', '--depth=1', `file://${platform}`, 'platform');
  return workspace;
}

function historyOf(workspace: string) {
  return openCheckoutHistory('slipway.yaml', {
    ...{ workspace, exec },
    environment: { PATH: process.env['PATH'] },
  });
}

describe('the history of a second checkout', () => {
  const platform = repository({ 'stencils/limits.yaml': 'a: 1\n', 'README.md': 'x\n' });
  const older = git(platform, 'rev-parse', 'HEAD');
  const newer = commit(platform, { 'stencils/limits.yaml': 'a: 2\n' });

  it('is fetched where the checkout is shallow, and tells what is older and what differs', async () => {
    const shared = historyOf(workspaceWith(platform)).shared('platform/stencils');
    expect(await shared.isContained(older, newer)).toBe(true);
    expect(await shared.isContained(newer, older)).toBe(false);
    expect(await shared.takenBack(newer, older)).toMatchObject({
      count: 1,
      lines: [{ path: 'platform/stencils/limits.yaml', line: 1 }],
    });
  });

  it('is unknown where it cannot be fetched, for a commit that it does not have, and in the own checkout', async () => {
    const workspace = workspaceWith(platform);
    git(`${workspace}/platform`, 'remote', 'set-url', 'origin', `file://${scratch()}/gone`);
    const shared = historyOf(workspace).shared('platform');
    expect(await shared.isContained(older, newer)).toBeUndefined();
    expect(await shared.takenBack(newer, older)).toBeUndefined();
    const whole = historyOf(workspaceWith(platform));
    expect(await whole.shared('platform').isContained(older, 'c'.repeat(40))).toBeUndefined();
    expect(await whole.shared('stencils').isContained(older, newer)).toBeUndefined();
    expect(await whole.shared('../elsewhere').isContained(older, newer)).toBeUndefined();
  });
});
