/** An answer instead of the one that the state has. */
export interface Failure {
  /** 0 lets the request through. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether the request is carried out and only its answer is lost. */
  readonly afterwards?: boolean;
}

/**
 * GitHub's answer to requests that follow each other too quickly. It does not always say how long to wait.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function secondaryLimit(retryAfter?: number, status: 403 | 429 = 403): Failure {
  return {
    status,
    headers: {
      'x-ratelimit-remaining': '4711',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: {
      message:
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
      documentation_url:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
  };
}
