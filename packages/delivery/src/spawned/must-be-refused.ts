import { SlipwayError } from '@slipway/core';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** How admission policies and webhooks refuse; a right that is missing, or a fault, proves nothing. */
const BY_ADMISSION =
  /ValidatingAdmissionPolicy '[^']*' .*denied request|admission webhook "[^"]*" denied the request/;

/** How a policy refuses that does not judge: it has no parameters, or its expressions fail, whatever is asked. */
const BY_FAULT =
  /no params found|failed to configure (?:policy|binding)|resulted in error|failed to evaluate|compilation failed/;

/** What to do where a fence is missing, or where the answer says nothing of it. */
export interface FenceRemedies {
  readonly missing: string;
  readonly unknown: string;
  /** Where the login has no right to ask. */
  readonly forbidden: string;
}

const FAULTY =
  'let an administrator look whether the ConfigMap that the policies of examples/roles/spawner.yaml read is there, with all keys of the file; a policy that fails refuses everything, and proves nothing';

/**
 * Asks for something by a dry run that an admission policy has to refuse.
 * @param what it is, as the end of a sentence that begins with who would do it
 * @throws SlipwayError `fence-missing` if it would be done, `fence-unknown` for any answer but the refusal of a policy or webhook
 */
export async function mustBeRefused(
  what: string,
  ask: () => Promise<unknown>,
  { missing, unknown, forbidden }: FenceRemedies,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const said = error.problems.map(({ message }) => message).join('; ');
    const isFault = BY_FAULT.test(said);
    if (error.code === 'cluster-refused' && BY_ADMISSION.test(said) && !isFault) return;
    throw new SlipwayError<DeliveryErrorCode>(
      {
        code: 'fence-unknown',
        message: `whether the fence is there is not known: asked to ${what}, the cluster answered neither yes nor no: ${said}`,
        remedy: error.code === 'cluster-forbidden' ? forbidden : isFault ? FAULTY : unknown,
      },
      { cause: error },
    );
  }
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'fence-missing',
    message: `the fence is not there: the cluster would let this login ${what}`,
    remedy: missing,
  });
}
