import { type DescribedRule, PACKS } from '@slipway/policy';

/** An entry of packages/policy/packs/examples.yaml. */
export interface RuleExample {
  readonly manifests?: boolean;
  readonly wrong: string;
  readonly right: string;
}

const titles: Readonly<Record<string, string>> = {
  schema: 'Rules of schemas',
  images: 'Rules about images',
  steps: 'Rules about releases in steps',
  policy: 'Rules about policies',
  waiver: 'Rules about waivers',
  'after-merge': 'What a pull request would change about the rules',
  placement: 'Rules about where objects go',
  spawned: 'Rules about instances of spawned formations',
  baseline: 'Rules about the earlier state of objects',
};

const kinds: Readonly<Record<string, string>> = {
  error: 'An error.',
  warning: 'A warning.',
  notice: 'A notice.',
};

const always = 'These rules always apply; no pack has to be chosen for them.';

/**
 * docs/rules/<page>.md: every rule of a pack with its reason, what to do, and an example.
 * @throws TypeError for a page that is not a pack and has no title, which would tell its readers to choose a pack that does not exist
 */
export function rulePage(
  page: string,
  rules: readonly DescribedRule[],
  examples: Readonly<Record<string, RuleExample>>,
): string {
  const isPack = PACKS.includes(page);
  const title = isPack ? `The pack ${page}` : titles[page];
  if (title === undefined) throw new TypeError(`the page ${page} needs a title`);
  return [
    `# ${title}`,
    '',
    ...(isPack ? choices(page, rules) : [always]),
    '`npm run docs` generates this page from the rules themselves.',
    '',
    ...rules.flatMap(rule => section(rule, examples[`${page}/${rule.name}`])),
  ].join('\n');
}

function choices(pack: string, rules: readonly DescribedRule[]): string[] {
  const smaller = [...new Set(rules.flatMap(({ smallerPack = [] }) => smallerPack))];
  return [
    `Chosen by \`packs: ${pack}\`, or by a formation's \`policies.packs\`; \`${pack}: warn\` and \`${pack}: new\` are [milder](../../actions/policy-check/README.md#levels).`,
    ...smaller.map(name => `\`packs: ${name}\` chooses only the rules that say so.`),
  ];
}

function section(rule: DescribedRule, example: RuleExample | undefined): string[] {
  const { name, severity, why, fix, smallerPack } = rule;
  const when = versions(rule);
  return [
    `## ${name}`,
    '',
    `${kinds[severity] ?? ''} ${why}${when}${smallerPack === undefined ? '' : ` \`${smallerPack}\` has it too.`}`,
    '',
    `**What to do:** ${fix.replaceAll('<', String.raw`\<`)}.`,
    '',
    ...(example === undefined ? [] : exampleLines(example)),
  ];
}

function versions({ since, until }: DescribedRule): string {
  if (since !== undefined && until !== undefined) return ` Applies to Kubernetes ${since} to ${until}.`;
  if (since !== undefined) return ` Since Kubernetes ${since}.`;
  return until === undefined ? '' : ` Until Kubernetes ${until}.`;
}

function exampleLines({ manifests = false, wrong, right }: RuleExample): string[] {
  const of = manifests ? '' : ' (in the pod)';
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
    'Every built-in rule of Slipway. `npm run docs` generates this page.',
    '',
    '| rule | severity | why |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
