import { certificateProblem } from './certificate-problem';

const failed = (code: string, more: object = {}) =>
  Object.assign(new Error('x'), { code, ...more });

describe('certificateProblem', () => {
  it.each([
    [failed('SELF_SIGNED_CERT_IN_CHAIN'), /NODE_EXTRA_CA_CERTS/],
    [failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /NODE_EXTRA_CA_CERTS/],
    [failed('CERT_HAS_EXPIRED'), /expired/],
    [failed('CERT_NOT_YET_VALID'), /clocks/],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID', { reason: 'Host: db.' }), /another host.*Host: db\./],
    [new TypeError('fetch failed', { cause: failed('CERT_HAS_EXPIRED') }), /expired/],
  ])('tells what is wrong: %s', (error, problem) => {
    expect(certificateProblem(error)).toMatch(problem);
  });

  it.each([failed('ECONNREFUSED'), new Error('x'), 'x', undefined])(
    'knows nothing of other failures: %s',
    (error) => expect(certificateProblem(error)).toBeUndefined(),
  );
});
