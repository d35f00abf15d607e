import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { diffFields, type FieldChange } from '../objects/diff.ts';
import { underGivenName } from './given-names.ts';
import { isNamedByContent, type NamingContext } from './name-by-content.ts';

/** The version of a content that the release takes the place of, where it is another one. */
export function versionBefore(
  { versionOf }: Pick<NamingContext, 'versionOf'>,
  object: KubernetesObject,
): KubernetesObject | undefined {
  const version = isNamedByContent(object) ? versionOf(keyOf(underGivenName(object))) : undefined;
  return version?.metadata.name === object.metadata.name ? undefined : version;
}

/** In what two versions of a content differ. */
export function diffVersions(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  return diffFields(underGivenName(before), underGivenName(after));
}
