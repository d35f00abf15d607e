import type { ErrorEntry } from '@slipway/core';
import { type ManifestErrorCode, manifestErrors } from './errors/manifest-errors.ts';
import { type RepositoryErrorCode, repositoryErrors } from './errors/repository-errors.ts';
import { type SourceErrorCode, sourceErrors } from './errors/source-errors.ts';
import { type WordErrorCode, wordErrors } from './errors/word-errors.ts';

export type RenderErrorCode = RepositoryErrorCode | WordErrorCode | ManifestErrorCode | SourceErrorCode;

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const renderErrors: Readonly<Record<RenderErrorCode, ErrorEntry>> = {
  ...repositoryErrors,
  ...wordErrors,
  ...manifestErrors,
  ...sourceErrors,
};
