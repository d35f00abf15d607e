/** What `<project>/<name>` names, or `<project>/<location>/<name>` for a secret that is kept in one location. */
export interface GooglePath {
  /** The ID or the number. */
  readonly project: string;
  /** Empty for a secret that is not of one location. */
  readonly location: string;
  readonly name: string;
}

/** IDs and numbers of projects: https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
const PROJECT = /^(?:\d{1,19}|[a-z][a-z0-9-]{4,28}[a-z0-9])$/;
/** A region, or a multi-region such as `eu`. */
const LOCATION = /^(?:[a-z]+-[a-z]+\d+|[a-z]{2})$/;
/** Names of secrets have no other characters: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create */
const NAME = /^[A-Za-z0-9_*-]+$/;

/** The provider of a workload identity pool. */
export const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/;

export function parseGooglePath(path: string): GooglePath {
  const [project = '', ...rest] = path.split('/');
  const [location, name] = rest.length === 1 ? ['', rest[0]] : [rest[0], rest.slice(1).join('/')];
  return { project, location: location ?? '', name: name ?? '' };
}

/** What is wrong with a line of `secrets`: only the name may have a `*`, and not the whole of it `**`. */
export function refuseGoogleLine(path: string): string | undefined {
  const { project, location, name } = parseGooglePath(path);
  if (!PROJECT.test(project)) return 'a project that is not written in full, as its ID or its number';
  if (location !== '' && !LOCATION.test(location)) return 'a location that is not written in full';
  if (name === '' || name === '**') return 'no name behind its project';
  return NAME.test(name) ? undefined : 'a name with a character that Google Cloud does not allow';
}

export function isProjectNumber(project: string): boolean {
  return /^\d+$/.test(project);
}

/** As Google names it: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
export function secretResource({ project, location, name }: GooglePath): string {
  return `projects/${project}${location === '' ? '' : `/locations/${location}`}/secrets/${name}`;
}
