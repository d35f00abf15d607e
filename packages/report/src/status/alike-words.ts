import { type Alike, type ApplicationStatus, count, excerpt } from '@slipway/core';

/** Which destinations of a formation run the same, in words. */
export interface AlikeWords {
  /** The whole in one sentence. */
  readonly title: string;
  /** One for each destination that differs or is not known. */
  readonly others: readonly {
    readonly name: string;
    readonly state: 'different' | 'unknown';
    readonly why: string;
  }[];
}

const SHORT = 12;
/** Characters of a tag. */
const MAX_TAG = 100;
/** Characters of what is said of one destination. */
const MAX_WHY = 300;

/** The formations with several destinations, in their order. */
export function alikeWords({ alike = [] }: Pick<ApplicationStatus, 'alike'>): readonly AlikeWords[] {
  return alike.map(one => ({ title: titleOf(one), others: othersOf(one) }));
}

/** The same as lines of a log. */
export function alikeLines(status: Pick<ApplicationStatus, 'alike'>): readonly string[] {
  return alikeWords(status).flatMap(({ title, others }) => [
    title,
    ...others.map(({ name, state, why }) => `  ${state}: ${name}: ${why}`),
  ]);
}

function titleOf({ formation, latest, alike, different, unknown }: Alike): string {
  const all = alike.length + different.length + unknown.length;
  if (latest === undefined) return `${formation}: which release is the latest is not known`;
  const release = `${excerpt(latest.deploymentTag, MAX_TAG)} with the configuration of commit ${latest.configCommit.slice(0, SHORT)}`;
  const parts = [
    `${alike.length} of ${count(all, 'destination')} run the latest release, ${release}`,
    ...(different.length === 0
      ? []
      : [`${different.length} ${different.length === 1 ? 'differs' : 'differ'}`]),
    ...(unknown.length === 0 ? [] : [`${unknown.length} ${unknown.length === 1 ? 'is' : 'are'} not known`]),
  ];
  return `${formation}: ${parts.join('; ')}`;
}

function othersOf({ formation, different, unknown }: Alike): AlikeWords['others'] {
  const named = (destination: string): string => `${formation}/${destination}`;
  return [
    ...different.map(({ destination, how }) => ({
      ...{ name: named(destination), state: 'different' as const },
      why: excerpt(how.join('; '), MAX_WHY),
    })),
    ...unknown.map(({ destination, why, how = [] }) => ({
      ...{ name: named(destination), state: 'unknown' as const },
      why: excerpt([...how, ...why].join('; '), MAX_WHY),
    })),
  ];
}
