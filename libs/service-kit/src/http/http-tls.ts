import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { ConfigOf, HTTP_CONFIG } from '@askflash/config';
import { HttpTlsInvalidError } from '../errors';

/** The files with which an HTTP API shows who it is; neither for plain text. */
export type HttpTlsFiles = Pick<ConfigOf<typeof HTTP_CONFIG>, 'httpTlsCertFile' | 'httpTlsKeyFile'>;

/** Certificate and key, in PEM. */
export interface HttpTls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const RENEWAL_INTERVAL_MS = 60_000;

/**
 * Reads what an HTTP API speaks TLS with; undefined where it speaks plain text.
 *
 * @throws {HttpTlsInvalidError} where no client could connect by it
 */
export function readHttpTls({
  httpTlsCertFile,
  httpTlsKeyFile,
}: HttpTlsFiles): HttpTls | undefined {
  if (httpTlsCertFile === undefined && httpTlsKeyFile === undefined) return undefined;
  if (httpTlsCertFile === undefined || httpTlsKeyFile === undefined) {
    throw new HttpTlsInvalidError('one of the two files is not named');
  }
  const tls = {
    cert: readPem('HTTP_TLS_CERT_FILE', httpTlsCertFile),
    key: readPem('HTTP_TLS_KEY_FILE', httpTlsKeyFile),
  };
  check(tls);
  return tls;
}

/** Takes a renewed certificate within a minute after its file was written; a bad one is only told. */
export function followRenewals(
  server: unknown,
  files: HttpTlsFiles,
  { tell, intervalMs = RENEWAL_INTERVAL_MS }: RenewalOptions,
): void {
  const { httpTlsCertFile: file } = files;
  if (!(server instanceof Server) || file === undefined) return;
  const renew = () => {
    try {
      const tls = readHttpTls(files);
      if (tls) server.setSecureContext({ ...tls });
    } catch (error) {
      tell(error);
    }
  };
  watchFile(file, { interval: intervalMs, persistent: false }, renew);
  server.once('close', () => unwatchFile(file, renew));
}

export interface RenewalOptions {
  /** Told why a renewed certificate cannot be used; the old one stays. */
  tell(error: unknown): void;
  readonly intervalMs?: number;
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new HttpTlsInvalidError(`${variable} names a file that is missing or unreadable`);
  }
}

function check({ cert, key }: HttpTls): void {
  let certificate: X509Certificate;
  try {
    createSecureContext({ cert, key });
    certificate = new X509Certificate(cert);
  } catch (cause) {
    // OpenSSL's words; they quote nothing of the key.
    throw new HttpTlsInvalidError(
      'certificate and key are no PEM, or do not belong together',
      cause,
    );
  }
  if (Date.parse(certificate.validTo) < Date.now()) {
    throw new HttpTlsInvalidError(`the certificate has expired, on ${certificate.validTo}`);
  }
}
