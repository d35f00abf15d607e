import { isJsonObject, type JsonValue } from '@slipway/core';
import { invalidAnswer, refusal } from '../http/answers.ts';
import type { RegistryClient, RegistryRequest } from '../http/client.ts';
import { nextPage } from '../http/next-page.ts';
import type { Repository } from '../reference.ts';
import { type Access, scopeOf } from './manifests.ts';

/** Tags that are asked for at once; a registry may give fewer. */
const PAGE = 1000;
/** More pages than any repository has; a registry that always names a next one must not keep a run for ever. */
const MAX_PAGES = 1000;

/** All tags of a repository; none if there is no such repository yet. */
export async function listTags(
  client: RegistryClient,
  repository: Repository,
  access: Access,
): Promise<string[]> {
  const { registry, path } = repository;
  const found: string[] = [];
  let request: RegistryRequest | undefined = {
    method: 'GET',
    registry,
    target: `${path}/tags/list?n=${PAGE}`,
    scopes: [scopeOf(repository, access)],
  };
  for (let page = 0; request !== undefined; page++) {
    if (page === MAX_PAGES) throw invalidAnswer(registry, 'a list of tags that does not end');
    const answer = await client.exchange(request);
    if (answer.status === 404 && page === 0) return [];
    if (answer.status !== 200) throw refusal(answer, registry, `list the tags of ${path}`);
    // One by one: a page of a registry that gives all of them at once has more than a call takes arguments.
    for (const tag of parseTags(answer.body, registry)) found.push(tag);
    const next = nextPage(answer.headers['link'], request);
    request = next === undefined ? undefined : { ...request, target: next };
  }
  return found;
}

/** A repository whose tags are all deleted has `null` instead of a list. */
function parseTags(body: Buffer, registry: string): string[] {
  const { tags } = parseObject(body);
  if (tags === null) return [];
  if (Array.isArray(tags)) return tags.filter(tag => typeof tag === 'string');
  throw invalidAnswer(registry, 'a list of tags without tags');
}

function parseObject(body: Buffer): Readonly<Record<string, JsonValue>> {
  try {
    const content = JSON.parse(body.toString('utf8')) as JsonValue;
    return isJsonObject(content) ? content : {};
  } catch {
    return {};
  }
}
