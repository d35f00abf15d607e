import { defined, isJsonObject, type JsonObject } from '@slipway/core';
import { describeObject, type ObjectReference, referenceTo } from '@slipway/kubernetes';
import { readAnswer } from './answers.ts';
import type { ApplyOptions, ClusterClient, DeleteOptions, WriteOptions } from './client.ts';
import { jsonBody } from './json-body.ts';
import { collectionPath, queryText } from './paths.ts';
import { objectOf, type Requests } from './requests.ts';
import type { HttpRequest } from './transport.ts';

type Writes = Pick<ClusterClient, 'apply' | 'create' | 'update' | 'patch' | 'delete' | 'review'>;

export function writes(requests: Requests): Writes {
  return { ...wholeWrites(requests), ...partialWrites(requests), ...questions(requests) };
}

/** Methods that write a whole object. */
function wholeWrites(requests: Requests): Pick<Writes, 'create' | 'update'> {
  const { call, pathOf } = requests;
  return {
    async create(object, options = {}) {
      const reference = referenceTo(object);
      const query = writeQuery({ ...options, fieldValidation: 'Strict' });
      const path = `${await collectionOf(requests, reference)}${query}`;
      const request = { method: 'POST', path, body: jsonBody(object) } as const;
      return objectOf(await call(`creating ${describeObject(reference)}`, request));
    },
    async update(object, options = {}) {
      const reference = referenceTo(object);
      const path = `${await pathOf(reference)}${writeQuery(options)}`;
      const request = { method: 'PUT', path, body: jsonBody(object) } as const;
      return objectOf(await call(`updating ${describeObject(reference)}`, request));
    },
  };
}

/** Methods that write some fields, or delete. */
function partialWrites({ send, call, pathOf }: Requests): Pick<Writes, 'apply' | 'patch' | 'delete'> {
  return {
    async apply(object, options) {
      const reference = referenceTo(object);
      const answer = await send({
        method: 'PATCH',
        path: `${await pathOf(reference)}${applyQuery(options)}`,
        body: jsonBody(object),
        contentType: 'application/apply-patch+yaml',
      });
      const applied = objectOf(readAnswer(answer, `applying ${describeObject(reference)}`));
      return { object: applied, created: answer.status === 201 };
    },
    async patch(reference, patch, { dryRun } = {}) {
      const request: HttpRequest = {
        method: 'PATCH',
        path: `${await pathOf(reference)}${queryText({ dryRun: dryRun === true ? 'All' : undefined })}`,
        body: jsonBody(patch),
        contentType: 'application/merge-patch+json',
      };
      return objectOf(await call(`changing ${describeObject(reference)}`, request));
    },
    async delete(reference, options = {}) {
      const path = await pathOf(reference);
      const answer = await send({ method: 'DELETE', path, body: jsonBody(deleteOptions(options)) });
      if (answer.status !== 404) readAnswer(answer, `deleting ${describeObject(reference)}`);
    },
  };
}

function questions(requests: Requests): Pick<Writes, 'review'> {
  return {
    async review(question) {
      const { apiVersion, kind } = question;
      const reference = { apiVersion: String(apiVersion), kind: String(kind), name: '' };
      const path = await collectionOf(requests, reference);
      const body = jsonBody(question);
      const answer = await requests.call(`asking for a ${String(kind)}`, { method: 'POST', path, body });
      return isJsonObject(answer['status']) ? answer['status'] : {};
    },
  };
}

async function collectionOf(
  { resource }: Requests,
  { apiVersion, kind, namespace }: ObjectReference,
): Promise<string> {
  return collectionPath(await resource(apiVersion, kind), namespace);
}

function writeQuery({ dryRun, ...others }: WriteOptions & { readonly fieldValidation?: string }): string {
  return queryText({ ...others, dryRun: dryRun === true ? 'All' : undefined });
}

function applyQuery({ fieldManager, force, dryRun }: ApplyOptions): string {
  return queryText({
    fieldManager,
    // Without it, the server would drop unknown fields and report success.
    fieldValidation: 'Strict',
    force: force === true ? 'true' : undefined,
    dryRun: dryRun === true ? 'All' : undefined,
  });
}

function deleteOptions({ uid, resourceVersion, propagation, dryRun }: DeleteOptions): JsonObject {
  const preconditions = {
    ...defined({ uid, resourceVersion }),
  };
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation ?? 'Background',
    preconditions,
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
  };
}
