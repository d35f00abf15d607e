export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** @param repository `owner/name` */
export function splitRepository(repository: string): RepositoryName {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
