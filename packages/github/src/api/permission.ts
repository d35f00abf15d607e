import { SlipwayError } from '@slipway/core';

/** Whether GitHub refused a request for lack of a permission, and not since the token is invalid or a conversation is locked. */
export function lacksPermission(error: unknown): boolean {
  return (
    error instanceof SlipwayError &&
    error.code === 'github-forbidden' &&
    error.message.includes('Resource not accessible by ')
  );
}
