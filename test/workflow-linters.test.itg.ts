import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import {
  CASES,
  documentedWorkflows,
  generatedWorkflows,
  shippedWorkflows,
  type Workflows,
} from './support/workflows/all.ts';
import { pinnedWorkflows } from './support/workflows/released.ts';

const run = promisify(execFile);

/** A finding of a linter that stays, with the reason. Once a newer linter no longer finds it, the test fails. */
interface Exception {
  readonly finding: RegExp;
  readonly reason: string;
}

const ACTIONLINT: readonly Exception[] = [
  {
    finding: /unexpected key "queue" for "concurrency" section/,
    reason: 'github.com has it since May 2026; actionlint does not know it yet (rhysd/actionlint#657)',
  },
  {
    finding: /^(?:\S+: )?(?:specifying action|reusable workflow call) "\$\/\S+" /,
    reason:
      'github.com has it since July 2026; actionlint does not know it yet (rhysd/actionlint#711), and reads what releases carry as well',
  },
];

const ZIZMOR: readonly Exception[] = [
  {
    finding: /^unpinned-uses: slipway-dev\/slipway/,
    reason:
      'v1 moves to reviewed releases only (CONTRIBUTING, Releasing); `--version` writes a commit instead',
  },
  {
    finding: /^secrets-inherit: /,
    reason:
      'wave.yml is in the same repository, and secrets of environments reach a called job in no other way (actions/runner#4453)',
  },
  {
    finding: /^dangerous-triggers: pull_request_target/,
    reason:
      'preview-end.yml and preview-room.yml check out the base and run nothing of the pull request; no other event on closing comes for one with a conflict, and no other one keeps the login of the room keeper from its author',
  },
  {
    finding: /^self-repository: /,
    reason:
      '$/ needs runner 2.336, and neither Enterprise Server nor act has it; ./ is the same commit for a called workflow',
  },
];

/** Further ones for what is shipped and shown, none of which the command writes. */
const ZIZMOR_ELSEWHERE: readonly Exception[] = [
  {
    finding: /^(?:artipacked|unpinned-uses): (?:uses: )?actions\/(?:checkout|upload-artifact)@/,
    reason:
      'the short examples of pages and probes leave commits, and the settings of actions/checkout, to docs/workflows.md',
  },
  {
    finding: /^excessive-permissions: {3}promote:\n\s+uses: \S+\/\.github\/workflows\/pipeline\.yml\b/,
    reason:
      'promote.yml is only called, and gets at most what the job of its caller grants; if it named id-token, each caller would have to grant that, with or without a login',
  },
  {
    finding: /^dangerous-triggers: workflow_run$/,
    reason: "pull-request's second workflow for forks runs no code of the pull request, as its README says",
  },
  {
    finding: /^bot-conditions: github\.actor == 'dependabot\[bot\]'$/,
    reason: 'a probe that asks what a run of Dependabot may do; it protects nothing',
  },
];

/** The last location is what the finding is about; those before it are around it. */
interface ZizmorFinding {
  readonly ident: string;
  readonly locations: readonly { readonly concrete: { readonly feature: string } }[];
}

let root: string;
let actionlint: readonly string[];
let zizmor: Readonly<Record<'generated' | 'others', readonly string[]>>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'slipway-linters-'));
  const others = write('others', [shippedWorkflows(), documentedWorkflows(), pinnedWorkflows().workflows]);
  const generated = write(
    'generated',
    CASES.map(([name, form]) => generatedWorkflows(name, form)),
  );
  const files = [...others, ...generated];
  // No two may become one file, of which only the later would be read.
  expect(new Set(files).size).toBe(files.length);
  expect(files.length).toBeGreaterThan(300);
  actionlint = await runActionlint(files);
  zizmor = { generated: await runZizmor('generated'), others: await runZizmor('others') };
}, 600_000);

/** Each group of workflows as files of a repository of their own. */
function write(folder: string, groups: readonly Workflows[]): string[] {
  return groups.flatMap((workflows, group) =>
    [...workflows.values()].map(({ path, text }) => {
      const name = path.replace(/^\.github\/workflows\//, '').replaceAll(/[^A-Za-z0-9.]/g, '-');
      const file = join(
        root,
        folder,
        String(group),
        '.github/workflows',
        name.endsWith('.yml') ? name : `${name}.yml`,
      );
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    }),
  );
}

async function runActionlint(files: readonly string[]): Promise<string[]> {
  const format = '{{range $err := .}}{{$err.Filepath}}: {{$err.Message}}\n{{end}}';
  const flags = ['-shellcheck=', '-pyflakes=', '-no-color', '-format', format];
  const { stdout } = await run(await toolPath('actionlint'), [...flags, ...files], { cwd: root }).catch(
    output,
  );
  return stdout.split('\n').filter(line => line !== '');
}

async function runZizmor(folder: string): Promise<string[]> {
  const flags = ['--offline', '--no-progress', '--quiet', '--format', 'json-v1'];
  const { stdout } = await run(await toolPath('zizmor'), [...flags, join(root, folder)], {
    maxBuffer: 1 << 30,
  }).catch(output);
  return (JSON.parse(stdout) as ZizmorFinding[]).map(
    ({ ident, locations }) => `${ident}: ${locations.at(-1)?.concrete.feature ?? ''}`,
  );
}

/** What a linter printed that ended with a code for findings. */
function output(error: unknown): { stdout: string } {
  const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
  if (typeof code !== 'number' || stdout === undefined || stdout === '')
    throw new Error(`the linter failed: ${stderr}`);
  return { stdout };
}

function unexplained(findings: readonly string[], exceptions: readonly Exception[]): string[] {
  return [...new Set(findings)].filter(found => !exceptions.some(({ finding }) => finding.test(found)));
}

function needless(findings: readonly string[], exceptions: readonly Exception[]): string[] {
  return exceptions
    .filter(({ finding }) => !findings.some(found => finding.test(found)))
    .map(({ reason }) => reason);
}

describe('what linters find in the workflows', () => {
  it('is explained: actionlint', () => {
    expect(unexplained(actionlint.map(withoutPath), ACTIONLINT)).toEqual([]);
  });

  it('is explained: zizmor', () => {
    expect(unexplained(zizmor.generated, ZIZMOR)).toEqual([]);
    expect(unexplained(zizmor.others, [...ZIZMOR, ...ZIZMOR_ELSEWHERE])).toEqual([]);
  });

  it('is still found where it is explained, so that no exception outlives its reason', () => {
    expect([
      ...needless(actionlint, ACTIONLINT),
      ...needless(zizmor.generated, ZIZMOR),
      ...needless(zizmor.others, ZIZMOR_ELSEWHERE),
    ]).toEqual([]);
  });
});

function withoutPath(line: string): string {
  return line.replace(/^.*?\.yml: /, '');
}
