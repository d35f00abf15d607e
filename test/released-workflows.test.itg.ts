import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { ROOT } from './support/sources.ts';
import { COMMIT, pinnedWorkflows, REPOSITORY } from './support/workflows/released.ts';
import { broken, RULES, SERVER_RULES } from './support/workflows/rules.ts';

describe('the workflows that a release carries', () => {
  const { status, workflows } = pinnedWorkflows();

  it('are the two that others call, and mean the same as in the repository', () => {
    expect([status, [...workflows.keys()].sort()]).toEqual([
      0,
      ['.github/workflows/pipeline.yml', '.github/workflows/promote.yml'],
    ]);
    for (const [path, { text }] of workflows) {
      const source = readFileSync(join(ROOT, path), 'utf8');
      const own = source.replaceAll(/uses: \$\/(\S+)/g, `uses: ${REPOSITORY}/$1@${COMMIT}`);
      expect(own).not.toBe(source);
      expect(load(text)).toEqual(load(own));
    }
  });

  it('have nothing that Enterprise Server does not know', () => {
    expect(broken(workflows, { ...RULES, ...SERVER_RULES })).toEqual([]);
  });

  it('are not written for a commit that is not named whole, which would be a tag that moves', () => {
    for (const commit of ['abc1234', 'v1', '']) {
      const refused = pinnedWorkflows(commit);
      expect([refused.status, refused.workflows.size]).toEqual([1, 0]);
      expect(refused.stderr).toContain('commit');
    }
  });
});
