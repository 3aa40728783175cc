import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, in PEM. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority that nobody knows but those who are told of `caFile`. */
export interface TestCa {
  /** Holds `ca.pem`, and `<name>.pem` and `<name>.key` of each certificate. */
  readonly folder: string;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  /**
   * Makes a certificate.
   *
   * @param hosts whom it is for: `DNS:localhost`, `IP:127.0.0.1`; both of these unless given
   * @param days how long it is valid; one that is negative makes it expired
   */
  issue(name: string, options?: { hosts?: readonly string[]; days?: number }): TestCertificate;
  remove(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes a certificate authority of one test's own, with the program openssl. */
export function createTestCa(): TestCa {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-ca-')));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test CA',
  );
  return {
    folder,
    caFile: join(folder, 'ca.pem'),
    issue: (name, { hosts = ['DNS:localhost', 'IP:127.0.0.1'], days = 1 } = {}) => {
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${hosts.join(',')}\n`);
      const subject = ['-subj', `/CN=${name}`];
      openssl(
        'req',
        '-new',
        ...NEW_KEY,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        ...subject,
      );
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, '-days', String(days)],
        ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`],
      );
      return { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
