import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { API_VERSION, defined, type Judging, type Release } from '@slipway/core';
import type { ShownStep } from '@slipway/report';
import type { CheckJudgement } from '@slipway/rollout';
import type { JudgedStep } from './judge.ts';

/** Everything that was judged of a release's steps: those of earlier runs as the record has them, those of this one with their data. */
export function judgingOf(release: Release, judged: readonly JudgedStep[]): Judging {
  const { application, formation, destination, namespace, number, steps } = release;
  return {
    ...{ apiVersion: API_VERSION, kind: 'Judging', application, formation },
    ...(destination === undefined ? {} : { destination }),
    ...{ namespace, release: number },
    steps: (steps?.results ?? []).map(result => {
      const own = judged.findLast(
        ({ at, judgement }) => at === result.at && judgement.summary === result.summary,
      );
      const { at, verdict, judged: time, summary, checks = [] } = result;
      const weight = steps?.list[at]?.weight ?? 0;
      const base = { at, weight, verdict, judged: time, summary };
      if (own === undefined) return { ...base, checks: checks.map(check => ({ ...check })) };
      const { window, falseAlarm } = own;
      return {
        ...base,
        ...(window === undefined
          ? {}
          : { window: { from: window.from.toISOString(), to: window.to.toISOString() } }),
        'false-alarm': falseAlarm,
        checks: own.checks.map(writtenCheck),
      };
    }),
  };
}

type WrittenCheck = Judging['steps'][number]['checks'][number];

function writtenCheck({ points, counts, difference, margin, ...check }: CheckJudgement): WrittenCheck {
  const { name, kind, verdict, message, unit } = check;
  return {
    ...{ name, kind, verdict, message },
    ...defined({ unit, margin, difference, counts }),
    ...(points === undefined
      ? {}
      : { points: points.map(point => ({ ...point, at: point.at.toISOString() })) }),
  } as WrittenCheck;
}

/** The same as it is shown. */
export function shownSteps({ steps }: Judging): readonly ShownStep[] {
  return steps.map(({ checks, 'false-alarm': falseAlarm = 0, ...step }) => ({
    ...step,
    falseAlarm,
    checks: checks.map(({ points, ...check }) => ({
      ...check,
      points: points?.map(point => ({ ...point, at: new Date(point.at) })),
    })),
  }));
}

/** @returns the absolute path of judging.json */
export async function writeJudging(judging: Judging, temporaryDirectory: string): Promise<string> {
  const { application, formation, destination, namespace } = judging;
  const path = join(
    ...[temporaryDirectory, 'slipway', application || 'objects', formation || 'default'],
    ...[destination ?? namespace, 'judging.json'],
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(judging, null, 2)}\n`);
  return path;
}
