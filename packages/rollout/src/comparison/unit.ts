/** What the values of a query are counted in, with a space before it; empty where its text does not say so for certain. */
export function unitOf(query: string): string {
  if (/histogram_quantile\s*\([\s\S]*_seconds(?:_bucket)?\b/.test(query)) return ' s';
  return /histogram_quantile\s*\([\s\S]*_milliseconds(?:_bucket)?\b/.test(query) ? ' ms' : '';
}
