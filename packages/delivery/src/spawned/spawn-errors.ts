import { quote, SlipwayError } from '@slipway/core';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** The refusal for code that people without any right to the repository can push. */
export function ofFork(pull: number): SlipwayError<DeliveryErrorCode> {
  return error(
    'spawn-of-fork',
    `pull request ${pull} is from a fork, and a fork never has an instance`,
    'push the branch to this repository, once someone has read what it does',
  );
}

export function notOpen(pull: number): SlipwayError<DeliveryErrorCode> {
  return error(
    'spawn-closed',
    `pull request ${pull} is closed, so it has no instance`,
    'open it again to have one',
  );
}

/** Without a plain answer nothing is written: it could be closed, or of a fork. */
export function stateUnknown(pull: number, why: string): SlipwayError<DeliveryErrorCode> {
  return error(
    'spawn-state-unknown',
    `whether pull request ${pull} is open is not known: ${why}`,
    'give the input "token" with pull-requests: read, or run the job again',
  );
}

/** By its number alone a namespace is this repository's. */
export function repositoryUnknown(repository: string): SlipwayError<DeliveryErrorCode> {
  return error(
    'room-repository-unknown',
    `the number of the repository ${quote(repository)} is not known, which the namespace of an instance carries`,
    'give the step its token, and run it again',
  );
}

function error(code: DeliveryErrorCode, message: string, remedy: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({ code, message, remedy });
}
