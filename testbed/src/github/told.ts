import type { GitHubState, Token } from './state.ts';

export interface Asked {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, string | undefined>> | undefined;
  readonly token: Token;
}

export interface Told {
  readonly status: number;
  readonly body: unknown;
}

export type Answer = (asked: Asked, state: GitHubState) => Told;

export const NOT_FOUND: Told = { status: 404, body: { message: 'Not Found', status: '404' } };
export const NO_CONTENT: Told = { status: 204, body: undefined };
export const FORBIDDEN: Told = { status: 403, body: { message: 'Resource not accessible by integration' } };

export function ok(body: unknown): Told {
  return { status: 200, body };
}

/** @param form `bare` for what GitHub says without the words before it */
export function invalid(message: string, form: 'usual' | 'bare' = 'usual'): Told {
  return { status: 422, body: { message: form === 'bare' ? message : `Validation Failed: ${message}` } };
}
