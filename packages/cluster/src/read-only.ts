import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { ClusterClient } from './client.ts';

const READING: readonly string[] = ['get', 'list', 'watch'];

/**
 * The same cluster for a caller that sends nothing but what reads, not even a dry run of a write, whatever its credentials may do. The
 * answers to what the credentials may do are those of credentials that may only read, so that whoever asks first does without.
 */
export function withoutWrites(client: ClusterClient): ClusterClient {
  return {
    ...client,
    ...{ apply: refused, create: refused, update: refused, patch: refused, delete: refused },
    review: question => reviewReading(client, question),
    within: limit => withoutWrites(client.within(limit)),
  };
}

function refused(): Promise<never> {
  return Promise.reject(new Error('nothing is written to a cluster that is only read'));
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/ */
async function reviewReading(client: ClusterClient, question: JsonObject): Promise<JsonObject> {
  if (question['kind'] === 'SelfSubjectAccessReview' && !READING.includes(verbOf(question)))
    return { allowed: false, reason: 'this caller only reads' };
  const answer = await client.review(question);
  const { resourceRules: rules } = answer;
  return Array.isArray(rules)
    ? { ...answer, resourceRules: (rules as JsonValue[]).map(onlyReading) }
    : answer;
}

function verbOf({ spec }: JsonObject): string {
  const attributes = isJsonObject(spec) ? spec['resourceAttributes'] : undefined;
  return isJsonObject(attributes) ? String(attributes['verb']) : '';
}

function onlyReading(rule: JsonValue): JsonValue {
  if (!isJsonObject(rule) || !Array.isArray(rule['verbs'])) return rule;
  const verbs = rule['verbs'] as JsonValue[];
  return { ...rule, verbs: READING.filter(verb => verbs.includes(verb) || verbs.includes('*')) };
}
