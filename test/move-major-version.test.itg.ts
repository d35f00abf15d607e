import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from './support/sources.ts';

const SCRIPT = join(ROOT, 'tools/release/move-major-version.sh');
const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-major-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What GitHub answers. */
interface Answers {
  /** What the comparison of main with the commit says. */
  readonly relation?: string;
  /** How many runs of ci.yml passed on the commit. */
  readonly ci?: number;
  readonly dist?: number;
  /** Where v1 is afterwards, whatever was asked for. */
  readonly moved?: string;
  readonly exists?: boolean;
}

/** Runs the script beside a `gh` that answers as GitHub's API does and keeps what it was asked to change. */
function move({ relation = 'behind', ci = 1, dist = 1, moved = COMMIT, exists = true }: Answers) {
  const folder = mkdtempSync(join(directory, 'run-'));
  const changes = join(folder, 'changes');
  const gh = `#!/bin/sh
shift
case "$*" in
  *--method*) echo "$*" >> ${changes} ;;
  *commits/refs/tags/v1.2.3*) echo ${COMMIT} ;;
  *commits/refs/tags/v1\\ *) echo ${moved} ;;
  *compare/main...${COMMIT}*) echo ${relation} ;;
  *workflows/ci.yml/*head_sha=${COMMIT}*branch=main*status=success*) echo ${ci} ;;
  *workflows/check-dist.yml/*head_sha=${COMMIT}*branch=main*status=success*) echo ${dist} ;;
  *git/ref/tags/v1) exit ${exists ? 0 : 1} ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac
`;
  writeFileSync(join(folder, 'gh'), gh);
  chmodSync(join(folder, 'gh'), 0o755);
  const { status, stdout, stderr } = spawnSync(SCRIPT, ['v1.2.3'], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, GITHUB_REPOSITORY: 'slipway-dev/slipway' },
  });
  return { status, log: stdout + stderr, changes: existsSync(changes) ? readFileSync(changes, 'utf8') : '' };
}

describe('the tag of the major version', () => {
  it('moves to a commit of main on which the workflows passed', () => {
    const { status, log, changes } = move({});
    expect([status, log]).toEqual([0, `v1 is at ${COMMIT}, as v1.2.3 is.\n`]);
    expect(changes).toBe(
      `--method PATCH repos/slipway-dev/slipway/git/refs/tags/v1 -f sha=${COMMIT} -F force=true\n`,
    );
  });

  it('is made for the first release', () => {
    expect(move({ exists: false }).changes).toBe(
      `--method POST repos/slipway-dev/slipway/git/refs -f ref=refs/tags/v1 -f sha=${COMMIT}\n`,
    );
  });

  it.each<[string, Answers, string]>([
    ['a commit that is not on main', { relation: 'diverged' }, 'is not a commit of main'],
    ['a commit that is ahead of main', { relation: 'ahead' }, 'is not a commit of main'],
    ['a commit on which CI has not passed', { ci: 0 }, 'ci.yml has not passed'],
    ['a commit whose bundle was not compared', { dist: 0 }, 'check-dist.yml has not passed'],
  ])('stays where it is for %s', (_title, answers, sentence) => {
    const { status, log, changes } = move(answers);
    expect([status, changes]).toEqual([1, '']);
    expect(log).toContain(sentence);
  });

  it('is read back, and the job fails if it is somewhere else', () => {
    const { status, log } = move({ moved: OTHER });
    expect(status).toBe(1);
    expect(log).toContain(`v1 is at ${OTHER} and not at ${COMMIT} of v1.2.3`);
  });
});
