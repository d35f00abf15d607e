import type { GitHubState } from './state.ts';
import { type Answer, type Asked, NO_CONTENT, NOT_FOUND, ok, type Told } from './told.ts';

/** Answers about workflows, and what starts them by hand. https://docs.github.com/en/rest/actions/workflows */
export const WORKFLOW_ANSWERS = {
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals': ({ parameters }, { approvals }) =>
    ok(
      (approvals.get(Number(parameters['run_id'])) ?? []).map(review => ({
        ...{ state: review.state, comment: review.comment ?? '' },
        user: { login: review.user, type: 'User' },
        environments: review.environments.map(name => ({ name })),
      })),
    ),
  'GET /repos/{owner}/{repo}/actions/workflows': ({ query }, state) => {
    const all = [...state.workflows.keys()].map(file => workflowBody(file, state));
    const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
    return ok({ total_count: all.length, workflows: all.slice((page - 1) * size, page * size) });
  },
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}': (asked, state) =>
    withWorkflow(asked, state, file => ok(workflowBody(file, state))),
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': (asked, state) =>
    withWorkflow(asked, state, file => {
      const { ref = '', inputs = {} } = (asked.body ?? {}) as Partial<Dispatched>;
      state.dispatches.push({ file, ref, inputs });
      return NO_CONTENT;
    }),
} as const satisfies Readonly<Record<string, Answer>>;

function workflowBody(file: string, { workflows, disabled }: GitHubState) {
  const path = `.github/workflows/${file}`;
  return { id: workflows.get(file), name: file, path, state: disabled.get(file) ?? 'active' };
}

type Dispatched = GitHubState['dispatches'][number];

/** Both the number of a workflow and the name of its file name it. */
function withWorkflow(
  { parameters }: Asked,
  { workflows }: GitHubState,
  answer: (file: string) => Told,
): Told {
  const named = parameters['workflow_id'] ?? '';
  const [file] = [...workflows].find(([name, id]) => name === named || String(id) === named) ?? [];
  return file === undefined ? NOT_FOUND : answer(file);
}
