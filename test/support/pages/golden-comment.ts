import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { startGitHub } from '@slipway/testbed/github';
import { type Files, pullRequest, repository } from '@slipway/testkit/git';
import { APPLICATION, type Edits, edited, reviewPullRequest } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';
import { ROOT } from '../sources.ts';

const EXAMPLE = join(ROOT, 'examples/shop');

/** The example application as the repository of someone who uses Slipway. */
export const SHOP: Files = Object.fromEntries(
  readdirSync(EXAMPLE, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => [relative(EXAMPLE, path), readFileSync(path, 'utf8')]),
);

/** What a pull request on the example usually changes, with one mistake in it. */
export const SHOP_CHANGE: Edits = {
  'stencils/api.yaml': replacing('replicas: 2', 'replicas: 3'),
  'formations/production.yaml': replacing('maxReplicas: 12', 'maxReplicas: 16'),
  'config/shop.yaml': replacing('page-size: 24', 'page-size: 36'),
  'stencils/web.yaml': text => text.replace('team: storefront', 'team: shopfront'),
};

/** Text that would be Markdown, HTML or a mention if it were not escaped. */
export const HOSTILE =
  '</details><b>x</b> **y** | z @octocat #1 [l](http://evil.example) www.evil.example m@evil.example `t` &amp; <!--';

/** Thirty formations, each with a finding of its own in the words of whoever wrote the pull request, and a file of 5,000 lines. */
export const LARGE: Files = {
  ...APPLICATION,
  'policies/ownership.yaml': String(APPLICATION['policies/ownership.yaml'])
    .replace("'team' in object.metadata.?labels.orValue({})", '!has(object.metadata.annotations)')
    .replace('message: no one owns it', 'messageExpression: "string(object.metadata.annotations.words)"'),
  ...formations(name => `  patches: []\n# ${name}\n`),
  'stencils/texts.yaml': texts('before'),
};

export const LARGE_CHANGE: Edits = {
  ...formations(
    name => `  patches:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, annotations: { words: ${JSON.stringify(`${name} ${HOSTILE}`)} } }
      spec: { replicas: ${Number(name.slice(1)) + 2} }
`,
  ),
  'stencils/texts.yaml': texts('after'),
};

function formations(rest: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => `f${index}`).map(name => [
      `formations/${name}.yaml`,
      `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: ${name} }
spec:
  kubernetes: "1.36"
  destinations: { a-rather-long-name-of-a-region: { namespace: shop-${name} } }
${rest(name)}`,
    ]),
  );
}

function texts(word: string): string {
  const lines = Array.from({ length: 5000 }, (_, index) => `    ${word} ${index} \`\`\` ${HOSTILE}`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: texts }\ndata:\n  text: |\n${lines.join('\n')}\n`;
}

/** The comment that the action writes on a pull request, as GitHub's double has it. */
export async function commentOn(files: Files, edits: Edits): Promise<string> {
  const origin = repository(files);
  const tokens = new Map([
    ['ghs_1', { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const],
  ]);
  const double = await startGitHub({ directory: origin, tokens, pageSize: 30 });
  try {
    const { log } = await reviewPullRequest({
      edits: {},
      of: { origin, commits: pullRequest(origin, edited(files, edits)) },
      environment: { GITHUB_API_URL: double.apiUrl, GITHUB_ACTOR: 'ada' },
      inputs: { token: 'ghs_1' },
    });
    const [comment] = double.state.comments;
    if (comment === undefined) throw new Error(`the action wrote no comment:\n${log}`);
    return comment.body;
  } finally {
    await double.stop();
  }
}
