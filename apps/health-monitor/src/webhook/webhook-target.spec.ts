import { ConfigInvalidError } from '@askflash/config';
import { webhookTarget } from './webhook-target';

const URL = 'https://example.com/hooks/t0ken';
const secretOf = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');

describe('webhookTarget', () => {
  it('is none without a URL', () => {
    expect(webhookTarget({ webhookUrl: undefined, webhookSecret: undefined })).toBeUndefined();
    expect(webhookTarget({ webhookUrl: undefined, webhookSecret: secretOf(24) })).toBeUndefined();
  });

  it.each([secretOf(24), secretOf(25), secretOf(64), `whsec_${secretOf(32)}`])(
    'takes a secret of 24 to 64 bytes, with its prefix or without: %s',
    (secret) => {
      expect(webhookTarget({ webhookUrl: URL, webhookSecret: secret })).toEqual({
        url: URL,
        secret,
      });
    },
  );

  it.each([undefined, secretOf(23), secretOf(65), secretOf(32).slice(1), `${secretOf(24)}!`])(
    'refuses another, without quoting it: %s',
    (webhookSecret) => {
      expect.assertions(2);
      try {
        webhookTarget({ webhookUrl: URL, webhookSecret });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigInvalidError);
        expect(String(error)).not.toMatch(new RegExp(`t0ken|${webhookSecret ?? 't0ken'}`));
      }
    },
  );
});
