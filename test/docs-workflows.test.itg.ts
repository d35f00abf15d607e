import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import { readActionFile } from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';
import { parseDocument } from '@slipway/yaml';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

/** A workflow, or jobs of one, that a page shows. */
interface Shown {
  /** The page, and which of its workflows it is. */
  readonly title: string;
  readonly text: string;
}

/** Jobs without an event are a part that the page says where to put. */
const workflows: readonly Shown[] = pages().flatMap(page => {
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)];
  return blocks
    .map(([, text = '']) => text)
    .filter(text => /^jobs:$/m.test(text))
    .map((text, index) => ({
      title: `${page}, ${index + 1}`,
      text: /^on:/m.test(text) ? text : `on: push\n${text}`,
    }));
});

function pages(): readonly string[] {
  const inDocs = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md'));
  const ofActions = readdirSync(join(ROOT, 'actions'));
  return [
    'README.md',
    ...inDocs.map(name => `docs/${name}`),
    ...ofActions.map(name => `actions/${name}/README.md`),
  ];
}

describe('workflows that the pages show', () => {
  it('are found', () => {
    const titles = workflows.map(({ title }) => title);
    expect(titles).toEqual(
      expect.arrayContaining([
        'docs/rights.md, 1',
        'actions/pull-request/README.md, 1',
        'actions/pull-request/README.md, 2',
      ]),
    );
  });

  it.each(workflows)('are sound: $title', async ({ text }) => {
    const file = join(scratch(), 'workflow.yml');
    await writeFile(file, text);
    const { stdout } = await run(await toolPath('actionlint'), ['-no-color', file]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it.each(workflows)('give actions only inputs that exist: $title', ({ title, text }) => {
    const wrong = stepsOf(text, title).flatMap(({ uses = '', with: inputs = {} }) => {
      const action = /^slipway-dev\/slipway\/actions\/([a-z-]+)@v1$/.exec(uses)?.[1];
      if (action === undefined) return uses.startsWith('slipway-dev/slipway/actions') ? [uses] : [];
      const { inputs: known } = readActionFile(join(ROOT, 'actions', action, 'action.yml'));
      return Object.keys(inputs).filter(name => !Object.hasOwn(known, name));
    });
    expect(wrong).toEqual([]);
  });
});

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

function stepsOf(text: string, title: string): readonly Step[] {
  const { jobs } = parseDocument(text, title).value as unknown as {
    readonly jobs: Record<string, { steps?: Step[] }>;
  };
  expect(isJsonObject(jobs as never)).toBe(true);
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}
