/** Where Vault or OpenBao is, and who the job is to it. */
export interface VaultSettings {
  readonly address: URL;
  /** Empty for the root namespace. */
  readonly namespace: string;
  /** The role of the login by GitHub's identity token; empty for a login by what the environment has. */
  readonly role: string;
  /** The path of the login method; empty for the method's own name. */
  readonly mount: string;
  /** Audience of the identity token. */
  readonly audience: string;
  /** PEM, or the path of a file that contains it; empty for none. */
  readonly certificateAuthority: string;
}
