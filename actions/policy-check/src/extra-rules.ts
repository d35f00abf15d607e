import { formatPointer, type KubernetesObject, type SourceDocument } from '@slipway/core';
import { type ManifestObject, readManifests } from '@slipway/render';
import type { Inputs } from './inputs.ts';

/** What the inputs add to the rules of the application. */
export interface ExtraRules {
  readonly policies: readonly SourceDocument[];
  readonly waivers: readonly SourceDocument[];
  readonly customResources: readonly KubernetesObject[];
}

/** @throws SlipwayError with what is wrong with the files */
export async function readExtraRules(inputs: Inputs, workspace: string): Promise<ExtraRules> {
  const [policies, waivers, crds] = await Promise.all(
    [inputs.policies, inputs.waivers, inputs.crds].map(async paths =>
      paths.length === 0 ? [] : (await readManifests(paths, workspace)).objects,
    ),
  );
  return {
    policies: (policies ?? []).map(documentOf),
    waivers: (waivers ?? []).map(documentOf),
    customResources: (crds ?? []).map(({ object }) => object),
  };
}

function documentOf({ object, file, document, placeOf }: ManifestObject): SourceDocument {
  return {
    path: file,
    index: document,
    value: object,
    positionOf: path => placeOf(formatPointer(path)),
    keyPositionOf: path => placeOf(formatPointer(path)),
  };
}
