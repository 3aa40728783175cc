import { RedisReplyUnexpectedError } from './errors';
import { ResultCode, resultOf } from './result-code';

describe('resultOf', () => {
  it('has a word for every code', () => {
    const codes = Object.values(ResultCode).filter((code) => typeof code === 'number');
    expect(codes).toHaveLength(8);
    for (const code of codes) expect(resultOf(code, codes)).toBe(ResultCode[code].toLowerCase());
  });

  it.each([[ResultCode.Gap], ['0'], [null], [99]])(
    'refuses %j where it is not possible',
    (reply) => {
      expect(() => resultOf(reply, [ResultCode.Created])).toThrow(RedisReplyUnexpectedError);
    },
  );
});
