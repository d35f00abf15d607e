import { count, stringifyJson } from '@slipway/core';
import { code } from '../markdown/blocks.ts';
import { escapeMarkdown, quietMarkdown } from '../markdown/escape.ts';
import { diffDetails } from './diff-fence.ts';
import { contentOf, inTarget, rowTitle, shortNames } from './groups.ts';
import type { Section } from './sections.ts';
import type { KnownPassedState, ReviewLinks, ShownChange, ShownReview, ShownTarget } from './shown-review.ts';

/** Groups of destinations that are written out; the others are counted. */
const MAX_GROUPS = 20;
/** Reasons that are written out. */
const MAX_REASONS = 5;
/** Objects that a sentence names. */
const MAX_NAMED = 3;
/** Services that a sentence names. */
const MAX_NAMED_SERVICES = 6;

interface Behind {
  /** Markdown. */
  readonly names: string;
  readonly isOne: boolean;
  readonly state: KnownPassedState;
  readonly changes: readonly ShownChange[];
}

/** What a release with the pull request brings to each destination beside it, since something else passed there last. */
export function passedSection(review: ShownReview, links: ReviewLinks): Section {
  const groups = groupsOf(review.targets);
  const sentences = groups.map(group => quietMarkdown(sentencesOf(group, review, links)));
  if (!groups.some(isWorthHeading))
    return {
      variants: groups.length === 0 ? [''] : [noted(sentences), `\n<sub>${elsewhere(review)}</sub>\n`],
      importance: 0,
    };
  const page = (maxFields: number): string =>
    sentences
      .slice(0, MAX_GROUPS)
      .map((sentence, index) => `\n${sentence}\n${diffOf(groups[index], groups.length, maxFields)}`)
      .join('');
  return {
    variants: [
      ...[50, 12, 4, 0].map(maxFields => `\n${HEADING}${page(maxFields)}${restOf(groups)}`),
      `\n${HEADING}\nIt is in the summary of the run.\n`,
    ],
    importance: 0,
  };
}

/** The sentences of few groups, where none has more to say. */
function noted(sentences: readonly string[]): string {
  const shown = sentences.slice(0, MAX_GROUPS).join(' ');
  return `\n<sub>${shown}</sub>\n${restOf(sentences)}`;
}

function elsewhere({ targets }: ShownReview): string {
  const known = targets.filter(({ passed }) => passed?.isKnown === true);
  return `What last passed in ${count(known.length, 'destination')} is in the summary of the run.`;
}

const HEADING = '#### What else is released with it\n';

function isWorthHeading({ changes, state: { promotion } }: Behind): boolean {
  return changes.length > 0 || promotion?.isOlder === true;
}

/** Why it is not known what passed, each reason once; this is never cut, so that unknown does not look like unchanged. */
export function unknownPassed({ targets }: ShownReview): string[] {
  const unknown = targets.filter(({ passed }) => passed?.isKnown === false);
  const reasons = [...Map.groupBy(unknown, ({ passed }) => (passed?.isKnown === false ? passed.why : ''))];
  const shown = reasons
    .slice(0, MAX_REASONS)
    .map(
      ([why, of]) =>
        `What else is released with it in ${shortNames(of, targets).join(', ')}, since something last passed there, is not known: ${why}.`,
    );
  const rest = reasons.slice(MAX_REASONS).reduce((sum, [, of]) => sum + of.length, 0);
  return rest === 0
    ? shown
    : [...shown, `Nor is it known for ${count(rest, 'more destination')}, as the log explains.`];
}

/** Destinations at which the same passed and the same is to come. */
function groupsOf(targets: readonly ShownTarget[]): readonly Behind[] {
  const known = targets.flatMap(target =>
    target.passed?.isKnown === true ? [{ target, state: target.passed }] : [],
  );
  const groups = Map.groupBy(known, ({ target, state: { changes, verified, ...state } }) =>
    stringifyJson([state, dayOf(verified), changes.map(change => contentOf(change, target))]),
  );
  return [...groups.values()]
    .flatMap(group => {
      const [first] = group;
      if (first === undefined) return [];
      const names = shortNames(
        group.map(({ target }) => target),
        targets,
      );
      return [
        {
          names: names.map(code).join(', '),
          isOne: names.length === 1,
          state: first.state,
          changes: first.state.changes.map(change => inTarget(change, first.target)),
        },
      ];
    })
    .sort((a, b) => b.changes.length - a.changes.length);
}

function sentencesOf(group: Behind, { base = '' }: ShownReview, links: ReviewLinks): string {
  const { names, state, changes } = group;
  const brings =
    changes.length === 0
      ? nothingElse(state)
      : `the next release with this pull request also changes ${summed(changes)} there`;
  const passed = [
    code(state.deploymentTag),
    `commit ${commitOf(state, base, links)}`,
    ...dayOf(state.verified),
  ].join(', ');
  return `${names} ${whereabouts(group)}: ${brings} (last passed: ${passed}).${uncomparedOf(state)}${promotionOf(state)}`;
}

function nothingElse({ uncompared }: KnownPassedState): string {
  return uncompared.length === 0 ? 'nothing else changes there' : 'nothing else is known to change there';
}

function uncomparedOf({ uncompared }: KnownPassedState): string {
  return uncompared.length === 0 ? '' : ` Not compared: ${uncompared.map(escapeMarkdown).join('; ')}.`;
}

function commitOf({ revision, lineage }: KnownPassedState, base: string, links: ReviewLinks): string {
  const text = code(revision.slice(0, 12));
  // GitHub shows what the second commit has beside the first one.
  const [one, other] = lineage?.relation === 'ahead' ? [base, revision] : [revision, base];
  const link = one === other ? undefined : links.compareUri?.(one, other);
  return link === undefined ? text : `[${text}](${link})`;
}

/** Where the commit that passed is, seen from the base. */
function whereabouts({ isOne, state: { lineage } }: Behind): string {
  const { behind, ahead } = lineage ?? {};
  const commits = (number: number | undefined): string =>
    number === undefined ? '' : `${count(number, 'commit')} `;
  switch (lineage?.relation) {
    case 'same':
      return 'last passed with the base commit';
    case 'behind':
      return `${isOne ? 'is' : 'are'} ${commits(behind)}behind the base`;
    case 'ahead':
      return `last passed with a newer commit than the base, ${commits(ahead)}ahead of it`;
    case 'apart':
      return `last passed with a commit that the base does not contain, ${commits(ahead)}aside and ${commits(behind)}behind`;
    default:
      return 'last passed with another commit, which the base may contain or not';
  }
}

/** Few objects are named, more are counted. */
function summed(changes: readonly ShownChange[]): string {
  const objects =
    changes.length <= MAX_NAMED
      ? changes.map(change => escapeMarkdown(rowTitle(change))).join(', ')
      : count(changes.length, 'object');
  const restarting = changes.filter(({ restarts }) => restarts).length;
  return restarting === 0 ? objects : `${objects}, which restarts pods of ${count(restarting, 'workload')},`;
}

function promotionOf({ promotion }: KnownPassedState): string {
  if (promotion === undefined) return '';
  const { from, deploymentTag, isOlder, services } = promotion;
  const what = `${code(deploymentTag)}, which last passed in ${code(from)}`;
  if (isOlder)
    return ` ⚠️ It is promoted from there, and ${what}, is older than what passed here: deploy would refuse it.`;
  const images = services.length === 0 ? 'no other image' : `other images of ${namedFew(services)}`;
  return ` ${what}, waits to be promoted, with ${images}.`;
}

function namedFew(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED_SERVICES).map(code).join(', ');
  const rest = names.length - MAX_NAMED_SERVICES;
  return rest > 0 ? `${shown} and ${count(rest, 'more service')}` : shown;
}

/** The day of a time that someone else wrote, if it is one. */
function dayOf(time: string): string[] {
  return /^\d{4}-\d{2}-\d{2}T/.test(time) ? [time.slice(0, 10)] : [];
}

function diffOf(group: Behind | undefined, groups: number, maxFields: number): string {
  if (group === undefined || group.changes.length === 0 || maxFields === 0) return '';
  return diffDetails(`what else changes in ${quietMarkdown(group.names)}`, group.changes, {
    groups,
    maxFields,
  });
}

function restOf(groups: readonly unknown[]): string {
  const rest = groups.length - MAX_GROUPS;
  return rest > 0 ? `\n…and ${count(rest, 'more group')} of destinations.\n` : '';
}
