/** Codes of Node's and OpenSSL's, by what is wrong with a certificate. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * What is wrong with a server's certificate, and what to do, as a sentence that goes on after a colon;
 * undefined where a connection failed for another reason. Looks into an error's causes too, as `fetch`
 * hides the reason there.
 */
export function certificateProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (UNTRUSTED.has(code)) {
    return 'its certificate is of an authority that is not trusted here; NODE_EXTRA_CA_CERTS names a file with those of your own';
  }
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired; renew it';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet; compare the clocks';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const reason = 'reason' in error ? `: ${String(error.reason)}` : '';
    return `its certificate is of another host; use a name that it has${reason}`;
  }
  return certificateProblem(error.cause);
}
