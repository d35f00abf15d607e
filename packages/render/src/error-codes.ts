import type { ErrorEntry } from '@slipway/core';
import type { YamlErrorCode } from '@slipway/yaml';
import { type ManifestErrorCode, manifestErrors } from './errors/manifest-errors.ts';
import { type PromotionErrorCode, promotionErrors } from './errors/promotion-errors.ts';
import { type RepositoryErrorCode, repositoryErrors } from './errors/repository-errors.ts';
import { type SourceErrorCode, sourceErrors } from './errors/source-errors.ts';
import { type WordErrorCode, wordErrors } from './errors/word-errors.ts';

type OwnErrorCode =
  | RepositoryErrorCode
  | PromotionErrorCode
  | WordErrorCode
  | ManifestErrorCode
  | SourceErrorCode;
/** A key that is in a map twice is a problem of all YAML, which packages/yaml explains. */
export type RenderErrorCode = OwnErrorCode | Extract<YamlErrorCode, 'key-duplicate'>;

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const renderErrors: Readonly<Record<OwnErrorCode, ErrorEntry>> = {
  ...repositoryErrors,
  ...wordErrors,
  ...manifestErrors,
  ...sourceErrors,
  ...promotionErrors,
};
