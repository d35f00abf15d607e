import type { JsonObject } from '@slipway/core';
import { generationOf, type KubernetesObject, objectAt, objectsAt } from '@slipway/kubernetes';
import { oneLine } from '../../text.ts';
import { CUSTOM_RESOURCE_HINT } from '../../windows.ts';
import { conditionsOf, LONGEST_WORD } from '../conditions.ts';
import { readConditions } from './conditions.ts';
import { errorText } from './error-text.ts';
import type { Statement } from './statement.ts';
import { endsByItself } from './words.ts';

/** Lists that are read in another way, or that are about what was. */
const NOT_PARTS = /^(?:conditions|parents|ancestors|listeners|ingress)$|histor|last|previous|old|violation/i;

/** Items beyond these add nothing: a status that fails in parts does so in the first of them, too. */
const MOST = 100;

/** So many failures of parts are told. */
const MOST_FAILURES = 10;

/**
 * The failures of parts that a status lists, such as the pods of a controller or the tags of an image. They are hints, since nothing
 * says how much the part matters.
 */
export function readItems(object: KubernetesObject): readonly Statement[] {
  const status = objectAt(object, 'status') ?? {};
  return Object.keys(status)
    .filter(name => !NOT_PARTS.test(name))
    .flatMap(name =>
      objectsAt(status, name)
        .slice(0, MOST)
        .flatMap((item, index) => readItem(object, item, `status.${oneLine(name, LONGEST_WORD)}[${index}]`)),
    )
    .slice(0, MOST_FAILURES);
}

function readItem(object: KubernetesObject, item: JsonObject, path: string): readonly Statement[] {
  const conditions = conditionsOf(item, 'conditions');
  const list = { conditions, path: `${path}.conditions`, generation: generationOf(object) };
  const failures = readConditions({ ...list, endsByItself: endsByItself(object.kind) })
    .filter(({ says }) => says === 'failed')
    .map(failure => ({ ...failure, certainAfter: CUSTOM_RESOURCE_HINT }));
  const errors = ['error', 'errors'].flatMap(field => {
    const text = errorText(item[field] ?? '');
    return text === '' ? [] : [failed(`${path}.${field}`, `${path}.${field} is ${oneLine(text)}`)];
  });
  return [...failures, ...errors];
}

function failed(path: string, text: string): Statement {
  return { says: 'failed', path, text, reason: 'Error', certainAfter: CUSTOM_RESOURCE_HINT };
}
