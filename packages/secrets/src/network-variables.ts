/** How a cloud's own program reaches it, and whom it trusts. */
export const NETWORK_VARIABLES =
  'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy REQUESTS_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR'.split(
    ' ',
  );
