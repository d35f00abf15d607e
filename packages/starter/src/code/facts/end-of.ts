/** Where a token ends that begins at an offset; undefined if it does not begin there. @param expression sticky */
export function endOf(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}
