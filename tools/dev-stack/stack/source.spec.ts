import { chooseSource } from './source.mjs';

const URLS = {
  DATABASE_URL: 'postgres://db/x',
  REDIS_URL: 'redis://cache',
  RABBITMQ_URL: 'amqp://user:secret@broker:5672',
};

/** A machine on which every way is open, and what was asked of it. */
function machine({ docker = true, missing = [] as string[], apt = true } = {}) {
  const asked: string[] = [];
  return {
    asked,
    dockerAnswers: () => asked.push('docker') > 0 && docker,
    missing: () => (asked.push('programs'), missing.map((title) => ({ title }))),
    canInstall: () => asked.push('apt') > 0 && apt,
  };
}

describe('chooseSource', () => {
  it('takes servers that the environment names before all else', () => {
    const all = machine();
    expect(chooseSource({ docker: false }, URLS, all)).toMatchObject({
      kind: 'environment',
      env: { ...URLS, RABBITMQ_MANAGEMENT_URL: 'http://user:secret@broker:15672' },
    });
    expect(all.asked).toEqual([]);
  });

  it('tells no secret of them', () => {
    expect(chooseSource({ docker: false }, URLS, machine()).reason).not.toContain('secret');
  });

  it('does not take some of the three for all of them', () => {
    const two = { ...URLS, REDIS_URL: '' };
    expect(chooseSource({ docker: false }, two, machine()).kind).toBe('docker');
  });

  it('takes Docker where an engine answers, and always where it is asked for', () => {
    expect(chooseSource({ docker: false }, {}, machine()).kind).toBe('docker');
    expect(chooseSource({ docker: true }, URLS, machine()).kind).toBe('docker');
    expect(() => chooseSource({ docker: true }, {}, machine({ docker: false }))).toThrow(/Docker/);
  });

  it('then takes the programs of the machine', () => {
    const here = machine({ docker: false });
    expect(chooseSource({ docker: false }, {}, here).kind).toBe('native');
    expect(here.asked).toEqual(['docker', 'programs']);
  });

  it('then has Debian install those that are missing', () => {
    const bare = machine({ docker: false, missing: ['Redis', 'RabbitMQ'] });
    const source = chooseSource({ docker: false }, {}, bare);
    expect(source).toMatchObject({ kind: 'apt' });
    expect(source.reason).toContain('Redis, RabbitMQ');
  });

  it('names three ways out where there is none', () => {
    const hopeless = machine({ docker: false, missing: ['Redis'], apt: false });
    expect(() => chooseSource({ docker: false }, {}, hopeless)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('Redis'),
        remedy: expect.stringMatching(/install .*\n.*Docker.*\n.*DATABASE_URL/),
      }),
    );
  });
});
