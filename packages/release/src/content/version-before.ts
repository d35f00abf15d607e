import { isNamedByContent, type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { diffFields, type FieldChange } from '../objects/diff.ts';
import { underGivenName } from './given-names.ts';
import type { NamingContext } from './name-by-content.ts';

/** The live version that an object named by its content replaces; undefined if it is the same one. */
export function versionBefore(
  { versionOf }: Pick<NamingContext, 'versionOf'>,
  object: KubernetesObject,
): KubernetesObject | undefined {
  const version = isNamedByContent(object) ? versionOf(keyOf(underGivenName(object))) : undefined;
  return version?.metadata.name === object.metadata.name ? undefined : version;
}

/** The fields in which two versions of a ConfigMap or Secret differ. */
export function diffVersions(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  return diffFields(underGivenName(before), underGivenName(after));
}
