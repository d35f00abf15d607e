import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import {
  type Files,
  type PullRequest,
  pullRequest,
  repository,
  scratch,
  shallowCheckout,
} from '../git/index.ts';

const ACTIONS = resolve(import.meta.dirname, '../../../actions');

/** Services are checked too, so that a Service can be what a rule is about. */
export const APPLICATION: Files = {
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: { name: shop }
spec:
  registry: ghcr.io/acme/shop
  services: { web: { image: "docker.io/library/nginx:1.29" } }
`,
  'formations/production.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: production }
spec:
  kubernetes: "1.34"
  destinations: { eu: { namespace: shop } }
  policies: { packs: [pod-security/restricted] }
`,
  'stencils/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { team: storefront } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: web
          image: \${image.web}
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer, loadBalancerIP: 10.0.0.1, selector: { app: web }, ports: [{ port: 80 }] }
`,
  'policies/ownership.yaml': `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ownership }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }]
  validations: [{ expression: "'team' in object.metadata.?labels.orValue({})", message: no one owns it }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: ownership }
spec: { policyName: ownership, validationActions: [Deny] }
`,
};

type Edit = string | Uint8Array | undefined | { readonly link: string } | ((text: string) => string);
export type Edits = Readonly<Record<string, Edit>>;

/** The changes of a pull request to the application, or to other files before it. */
export function edited(files: Files, edits: Edits): Files {
  const entries = Object.entries(edits).map(([path, edit]) => {
    const before = files[path];
    return [
      path,
      typeof edit === 'function' ? edit(typeof before === 'string' ? before : '') : edit,
    ] as const;
  });
  return Object.fromEntries(entries);
}

export interface PullRequestOptions {
  readonly files?: Files;
  readonly edits: Edits;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly eventName?: string;
  /** Changes the checkout or the job before the steps run. */
  readonly before?: (checkout: string) => void;
  /** Which commit is checked out; the merge commit by default. */
  readonly checkout?: 'merge' | 'head' | 'base';
  readonly environment?: Readonly<Record<string, string>>;
  /** Plain manifests, instead of rendering. */
  readonly manifests?: string;
  readonly number?: number;
  /** The repository of the branch, if it is a fork. */
  readonly fork?: string;
  /** The folder of the checkout in the workspace, if it is not the workspace itself. */
  readonly workspace?: string;
  readonly folder?: string;
  /** The folder of the application in the checkout, if not its top. */
  readonly application?: string;
  /** An existing repository with the commits of the pull request. */
  readonly of?: { readonly origin: string; readonly commits: PullRequest };
}

export interface Checked extends StepResult {
  readonly checkout: string;
  readonly job: Job;
  readonly commits: { readonly base: string; readonly head: string; readonly merge: string };
}

/** A pull request as a runner checks it: a checkout of depth 1 from a real repository, rendered and checked by the bundles. */
export async function checkPullRequest(options: PullRequestOptions): Promise<Checked> {
  const { job, ...checkedOut } = jobFor(options);
  const application = join(options.folder ?? '', options.application ?? '', 'slipway.yaml');
  const manifests = options.manifests ?? (await renderIn(job, application));
  const result = await runStep(job, {
    action: join(ACTIONS, 'policy-check'),
    inputs: { manifests, application, ...options.inputs },
  });
  return { ...result, ...checkedOut, job };
}

/** The same with the action that needs no other step. */
export async function reviewPullRequest(options: PullRequestOptions): Promise<Checked> {
  const { job, ...checkedOut } = jobFor(options);
  const inputs = {
    ...(options.manifests === undefined ? {} : { manifests: options.manifests }),
    ...options.inputs,
  };
  const result = await runStep(job, { action: join(ACTIONS, 'pull-request'), inputs });
  return { ...result, ...checkedOut, job };
}

/** Events whose run is one of the base branch. */
const OF_BASE: readonly string[] = ['pull_request_target', 'workflow_run'];

/** Pull request 1 in a merge queue. */
function mergeGroup(base: string, merge: string): object {
  const refs = { base_ref: 'refs/heads/main', head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${base}` };
  return { merge_group: { base_sha: base, head_sha: merge, ...refs } };
}

function eventOf(
  eventName: string,
  pull: object,
  { base, head, merge }: PullRequest,
  { fork = 'acme/shop' }: PullRequestOptions,
): object {
  if (eventName === 'merge_group') return mergeGroup(base, merge);
  if (eventName !== 'workflow_run') return { pull_request: pull };
  const of = { head_sha: head, head_branch: 'change-1', head_repository: { full_name: fork } };
  return { workflow_run: { event: 'pull_request', pull_requests: [], ...of } };
}

/** A job of the pull request, with its checkout. */
function jobFor(options: PullRequestOptions): Pick<Checked, 'job' | 'checkout' | 'commits'> {
  const { files = APPLICATION, edits, eventName = 'pull_request', number = 1 } = options;
  const origin = options.of?.origin ?? repository(files);
  const commits = options.of?.commits ?? pullRequest(origin, edited(files, edits));
  const workspace = options.workspace ?? scratch();
  const checkout = join(workspace, options.folder ?? '');
  mkdirSync(checkout, { recursive: true });
  shallowCheckout(origin, commits[options.checkout ?? 'merge'], checkout);
  options.before?.(checkout);
  const pull = {
    number,
    base: { sha: commits.base, ref: 'main' },
    head: { sha: commits.head, repo: { full_name: options.fork ?? 'acme/shop' } },
    user: { login: 'mallory' },
  };
  const job = createJob({
    workspace,
    directory: scratch(),
    path: '/usr/bin:/bin',
    sha: OF_BASE.includes(eventName) ? commits.base : commits.merge,
    ref: 'refs/pull/1/merge',
    eventName,
    event: eventOf(eventName, pull, commits, options),
    environment: { GITHUB_API_URL: 'http://127.0.0.1:9', ...options.environment },
  });
  return { checkout, job, commits };
}

async function renderIn(job: Job, application: string): Promise<string> {
  const { outputs, log, exitCode } = await runStep(job, {
    action: join(ACTIONS, 'render-stencil'),
    inputs: { application },
  });
  expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
  return outputs['manifests'] ?? '';
}

/** Rules of the annotations with errors, without the failure of the step itself. */
export function errors({ annotations }: StepResult): string[] {
  return annotations
    .filter(({ severity }) => severity === 'error')
    .map(({ title = '' }) => title.replace(/^Slipway: /, ''))
    .filter(rule => rule !== 'check-failed');
}
