import type { DescribedRule } from '../../packages/policy/src/index.ts';

/** Of packages/policy/packs/examples.yaml. */
export interface RuleExample {
  readonly manifests?: boolean;
  readonly wrong: string;
  readonly right: string;
}

const titles: Readonly<Record<string, string>> = {
  schema: 'Rules of schemas',
  policy: 'Rules about policies',
  waiver: 'Rules about waivers',
  'after-merge': 'What a pull request would change about the rules',
  placement: 'Rules about where objects go',
  baseline: 'Rules about how objects were before',
};

const kinds: Readonly<Record<string, string>> = {
  error: 'An error.',
  warning: 'A warning.',
  notice: 'A notice.',
};

const always = 'These rules are always there. Nobody has to choose them.';

/** docs/rules/<page>.md: every rule of a pack with why it is there, what to do, and an example. */
export function rulePage(
  page: string,
  rules: readonly DescribedRule[],
  examples: Readonly<Record<string, RuleExample>>,
): string {
  const isPack = titles[page] === undefined;
  return [
    `# ${titles[page] ?? `The pack ${page}`}`,
    '',
    isPack ? `Chosen by \`packs: ${page}\`, or by a formation\u2019s \`policies.packs\`.` : always,
    'This page is written by `npm run docs` from the rules themselves.',
    '',
    ...rules.flatMap(rule => section(rule, examples[`${page}/${rule.name}`])),
  ].join('\n');
}

function section(rule: DescribedRule, example: RuleExample | undefined): string[] {
  const { name, severity, why, fix } = rule;
  const when = versions(rule);
  return [
    `## ${name}`,
    '',
    `${kinds[severity] ?? ''} ${why}${when}`,
    '',
    `**What to do:** ${fix}.`,
    '',
    ...(example === undefined ? [] : exampleLines(example)),
  ];
}

function versions({ since, until }: DescribedRule): string {
  if (since !== undefined && until !== undefined) return ` Of Kubernetes ${since} to ${until}.`;
  if (since !== undefined) return ` Since Kubernetes ${since}.`;
  return until === undefined ? '' : ` Until Kubernetes ${until}.`;
}

function exampleLines({ manifests = false, wrong, right }: RuleExample): string[] {
  const of = manifests ? '' : ' (of the pod)';
  return [`Wrong${of}:`, '', ...fenced(wrong), '', `Right${of}:`, '', ...fenced(right), ''];
}

function fenced(text: string): string[] {
  return ['```yaml', text.trimEnd(), '```'];
}

/** docs/rules/README.md: all rules in one table. */
export function ruleIndex(
  pages: ReadonlyMap<string, readonly DescribedRule[]>,
  fileOf: (page: string) => string,
): string {
  const rows = [...pages].flatMap(([page, rules]) =>
    rules.map(
      ({ name, severity, why }) =>
        `| [\`${page}/${name}\`](${fileOf(page)}#${name}) | ${severity} | ${why} |`,
    ),
  );
  return [
    '# Rules',
    '',
    'Every rule that Slipway has of its own. This page is written by `npm run docs`.',
    '',
    '| rule | severity | why |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
