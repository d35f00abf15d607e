export type BuildRetagErrorCode =
  | 'application-missing'
  | 'application-ambiguous'
  | 'service-unknown'
  | 'services-incomplete'
  | 'platform-missing'
  | 'promotion-unknown'
  | 'promotion-not-passed'
  | 'promotion-disagrees';

/** What each code means for a user, and what to do about it. */
export const buildRetagErrors: Record<BuildRetagErrorCode, string> = {
  'application-missing':
    'The file that the input application names is not in the workspace: check out the repository first, or correct the path.',
  'application-ambiguous':
    'slipway.yaml has one key twice in a map, of which only one would count: remove one.',
  'service-unknown': 'The input services names a service that slipway.yaml does not have: correct the name.',
  'services-incomplete':
    'Only some services are to be built, and the images of the others are not known: name a formation or a deployment tag in rest-from, or build all.',
  'platform-missing':
    'An image is not for all platforms that the input platforms names: nodes of the others could not run it; correct the input, or take a base image that is for them.',
  'promotion-unknown':
    'What promote or rest-from names is neither a formation of this repository nor a deployment tag of its registry: correct the input.',
  'promotion-not-passed':
    'What is to be promoted never succeeded where it had to: deploy and verify it there first, or name a deployment tag that did.',
  'promotion-disagrees':
    'The destinations of the formation to promote from last succeeded with different snapshots: release one of them at all, or name a deployment tag.',
};
