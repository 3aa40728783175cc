import { RedisKeyPrefixInvalidError } from './errors';
import { TaskKeys } from './keys';

describe('TaskKeys', () => {
  it('names everything, prefix before all of it', () => {
    const keys = new TaskKeys('test:');
    expect(keys.task('1')).toBe('test:task:{1}');
    expect(keys.progress('1')).toBe('test:task:{1}:progress');
    expect(keys.channel('1')).toBe('test:ai:progress:{1}');
    expect(keys.history('ada')).toBe('test:user:{ada}:tasks');
    expect(new TaskKeys().task('1')).toBe('task:{1}');
  });

  it.each(['{', '}', '{x}:'])('refuses the prefix %j, which would move the slot', (prefix) => {
    expect(() => new TaskKeys(prefix)).toThrow(RedisKeyPrefixInvalidError);
  });
});
