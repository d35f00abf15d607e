/** A small repository that `slipway init` is tried on, and how it is made. */
export interface TestRepository {
  readonly name: string;
  /** What it is, as the tables of results say it. */
  readonly what: string;
  /** generator: the unmodified output of a framework's own generator, with the lock file that its package manager writes. */
  readonly origin: 'generator' | 'package' | 'generator, put together' | 'ours';
  /**
   * Lines of a POSIX shell in the empty folder that becomes the repository. `$FILES` is the folder of this name below files/, `$TOOLS` an
   * empty folder beside, and `from_npm PACKAGE PROGRAM …` and `from_pypi PACKAGES PROGRAM …` run a program of packages at their versions.
   */
  readonly make: string;
  /** Programs of the testbed that `make` uses. */
  readonly tools?: readonly 'helm'[];
}
