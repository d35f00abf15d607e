import { type Problem, quote, type Service, throwIfAny } from '@slipway/core';
import { isForFork } from '@slipway/github';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import { servicePosition } from '../files/application.ts';
import { mayPush } from '../may-push.ts';
import type { Session } from '../session.ts';

/**
 * An image of a fork that would be pushed must not lack what slipway.yaml says its build needs, and a fork gets none of it.
 * @throws SlipwayError `fork-without-secrets` for each such service
 */
export function refuseSecretsForFork(
  services: Readonly<Record<string, Service>>,
  { inputs, runner, file, instance }: Session,
): void {
  if (!isForFork(runner.context) || !mayPush(inputs.push, runner.context, instance)) return;
  throwIfAny(
    Object.entries(services).flatMap(([service, { build }]): Problem<BuildRetagErrorCode>[] => {
      const needed = [...(build?.secrets ?? []).map(quote), ...(build?.ssh === true ? ['SSH keys'] : [])];
      if (needed.length === 0) return [];
      return [
        {
          code: 'fork-without-secrets',
          message: `the pull request is from a fork, so ${quote(service)} is not pushed: its build needs ${needed.join(', ')}`,
          remedy:
            'remove "push: always", or let someone with write access push the branch to this repository',
          at: servicePosition(file, service),
        },
      ];
    }),
  );
}
