import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../sources.ts';
import type { Workflows } from './all.ts';
import { parseWorkflow } from './workflow.ts';

export const REPOSITORY = 'slipway-dev/slipway';
export const COMMIT = 'a'.repeat(40);

/** What the script of a release wrote, and how it ended. */
export interface Pinned {
  readonly status: number | null;
  readonly stderr: string;
  readonly workflows: Workflows;
}

/** The workflows that others call as a release of a commit carries them: without `$/` and anchors, which linters and act do not know. */
export function pinnedWorkflows(commit = COMMIT): Pinned {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-pinned-'));
  const script = join(ROOT, 'tools/release/pin-workflows.sh');
  const { status, stderr } = spawnSync(script, [REPOSITORY, commit, folder], { encoding: 'utf8' });
  const files = readdirSync(folder).map(name => ({
    path: `.github/workflows/${name}`,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
  rmSync(folder, { recursive: true });
  return {
    status,
    stderr,
    workflows: new Map(files.map(({ path, text }) => [path, parseWorkflow(path, text)])),
  };
}
