/** What the packages need of a log. The runner's, a terminal's and a test's all fit. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
}

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warning: () => {} };

/** The current time; an argument wherever time matters, so that tests can set it. */
export type Clock = () => Date;
