import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import { describeApplication } from '../../../packages/cli/src/workflows/describe.ts';
import { ROOT } from '../sources.ts';
import { MADE_UP } from './made-up.ts';
import { parseWorkflow, type ReadWorkflow } from './workflow.ts';

/** Workflows by their paths. */
export type Workflows = ReadonlyMap<string, ReadWorkflow>;

/** The forms that the command can write. */
export const FORMS: Readonly<Record<string, Partial<WorkflowSettings>>> = {
  own: {},
  shared: { form: 'shared' },
  'own, on Enterprise Server': { target: 'ghes' },
  'shared, on Enterprise Server': { form: 'shared', target: 'ghes' },
  'with records at the commit of the images': { deployments: 'exact' },
  'with all settings': {
    branch: 'release/next',
    runsOn: 'self-hosted',
    version: 'a'.repeat(40),
    idToken: 'write',
    signing: 'record-key',
  },
};

export const SHOP = await describeApplication(join(ROOT, 'examples/shop'), 'slipway.yaml');

/** Each application in each form. Of one some destinations have no environment, for which there are no records to make. */
export const CASES = [SHOP, ...MADE_UP]
  .flatMap(({ name }) => Object.keys(FORMS).map(form => [name, form] as const))
  .filter(([name, form]) => name !== 'tide' || FORMS[form]?.deployments !== 'exact');

export function byPath(workflows: readonly ReadWorkflow[]): Workflows {
  return new Map(workflows.map(workflow => [workflow.path, workflow]));
}

/** The workflows of one application in one form. */
export function generatedWorkflows(name: string, form: string): Workflows {
  const application = [SHOP, ...MADE_UP].find(one => one.name === name) ?? SHOP;
  const files = workflowFiles(application, FORMS[form] ?? {});
  return byPath(files.map(({ path, text }) => parseWorkflow(path, text)));
}

/** Those of this repository and of the examples, and the probes. */
export function shippedWorkflows(): Workflows {
  const folders = ['.github/workflows/*.yml', 'examples/*/.github/workflows/*.yml', 'probe/*.yml'];
  const paths = globSync(folders, { cwd: ROOT }).sort();
  return byPath(paths.map(path => parseWorkflow(path, readFileSync(join(ROOT, path), 'utf8'))));
}

/** Whole workflows among the YAML of the documentation. */
export function documentedWorkflows(): Workflows {
  const pages = globSync(['*.md', '{docs,actions,examples,packages,probe}/**/*.md'], {
    cwd: ROOT,
    exclude: path => path.includes('node_modules'),
  });
  return byPath(
    pages.flatMap(page => {
      const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ya?ml\n(.*?)^```$/gms)];
      return blocks
        .map(([, text = ''], index) => ({ path: `${page}#${index}`, text }))
        .filter(({ text }) => /^on:/m.test(text) && /^jobs:/m.test(text))
        .map(({ path, text }) => parseWorkflow(path, text));
    }),
  );
}
