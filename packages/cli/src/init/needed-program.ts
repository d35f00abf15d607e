import { quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';

interface Need {
  readonly what: string;
  readonly page: string;
}

const NEEDS: Readonly<Record<string, Need>> = {
  helm: { what: 'the chart', page: 'https://helm.sh/docs/intro/install/' },
  kubectl: { what: 'the Kustomize directories', page: 'https://kubernetes.io/docs/tasks/tools/' },
};

/**
 * Waits for what is proposed to be rendered. The formation that needs a program is not written yet, so its line would help
 * no one.
 * @throws SlipwayError `command-not-found` with what init needs the program for, in one sentence
 */
export async function sayingNeeds<Result>(rendering: Promise<Result>): Promise<Result> {
  return await rendering.catch(error => {
    throw (error instanceof SlipwayError && neededProgram(error)) || error;
  });
}

function neededProgram(error: SlipwayError): SlipwayError<CliErrorCode> | undefined {
  const missing = error.problems.find(({ code }) => code === 'command-not-found');
  const [, program = ''] = /^"(\w+)" cannot be run/.exec(missing?.message ?? '') ?? [];
  const need = Object.hasOwn(NEEDS, program) ? NEEDS[program] : undefined;
  if (need === undefined) return undefined;
  return new SlipwayError<CliErrorCode>(
    {
      code: 'command-not-found',
      message: `${quote(program)} cannot be run, and init renders ${need.what} with it to know the images`,
      remedy: `install it (${need.page}), and call slipway init again; nothing was written`,
    },
    { cause: error },
  );
}
