import { quote } from '@slipway/core';
import {
  describeBriefly,
  type KubernetesObject,
  objectAt,
  podTemplatePath,
  referenceTo,
  TRACK,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';

/** Whether a manifest has the label by which releases in steps tell their two versions apart, in its pods or in a selector. */
export function isTracked(object: KubernetesObject): boolean {
  return trackPath(object) !== undefined;
}

/** Manifests that set that label themselves, which deploy refuses whether a release goes in steps or not. */
export function reservedTracks(objects: readonly KubernetesObject[]): StepsProblem[] {
  return objects.flatMap(object => {
    const path = trackPath(object);
    if (path === undefined) return [];
    return [
      {
        ...{ code: 'steps-reserved', object: referenceTo(object), pointer: `/${path.join('/')}` },
        message: `${describeBriefly(referenceTo(object))} has the label ${quote(TRACK)} in its pods or its selector, which only Slipway may set`,
        remedy: 'remove it from the manifest',
      },
    ];
  });
}

/** Where the map is that has it; undefined if none has. */
function trackPath(object: KubernetesObject): readonly string[] | undefined {
  const template = podTemplatePath(object) ?? ['metadata'];
  const paths = [
    [...template, 'metadata', 'labels'],
    ['spec', 'selector'],
    ['spec', 'selector', 'matchLabels'],
  ];
  return paths.find(path => {
    const map = objectAt(object, ...path);
    return map !== undefined && Object.hasOwn(map, TRACK);
  });
}
