import { forgetSecrets } from './forget-secrets';

it('forgets secrets, and what else there is stays', () => {
  const environment = {
    DATABASE_URL: 'postgres://me:hunter2@localhost/x',
    LLM_API_KEY: 'hunter3',
    LLM_API_KEY_FILE: '/run/secrets/llm_api_key',
    LOG_LEVEL: 'info',
    PATH: '/bin',
  };
  forgetSecrets(environment);
  expect(environment).toEqual({
    LLM_API_KEY_FILE: '/run/secrets/llm_api_key',
    LOG_LEVEL: 'info',
    PATH: '/bin',
  });
});
