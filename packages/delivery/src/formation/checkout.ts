import type { Destination, Formation } from '@slipway/core';
import type { Repository } from '@slipway/render';

/** The files of a formation in this checkout, which say where secrets are kept and which rules apply. */
export interface Checkout {
  readonly repository: Repository;
  readonly formation: Formation;
  readonly destination: Destination;
}
