import type { Part } from '../read/interpolate.ts';

/**
 * A text as a stencil has it in `env`, `command` and `args`, where Kubernetes replaces `$(NAME)` and reads `$$` as one sign, and Slipway
 * fills `${word}`.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expandedText(parts: readonly Part[]): string {
  return escapedForSlipway(
    parts
      .map(part =>
        'text' in part ? part.text.replaceAll(/\$(?=[$(]|$)/g, () => '$$') : `$(${part.variable})`,
      )
      .join(''),
  );
}

/** Every `${` is text. */
export function escapedForSlipway(text: string): string {
  return text.replaceAll('${', () => '$${');
}
