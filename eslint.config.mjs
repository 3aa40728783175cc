import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Every project may use `testing`, in specs only: the second rule below sees to that. */
const mayUse = (sourceTag, ...libs) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...libs.map((lib) => `lib:${lib}`), 'lib:testing'],
});

export default tseslint.config(
  { ignores: ['**/dist', '**/coverage', '**/.nx', '**/.local', '**/tmp', '**/fixtures'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.{ts,js,mjs}'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [
            '^.*/eslint.config.mjs$',
            '^.*/jest(\\.integration)?\\.preset(\\.js)?$',
            '^.*/tools/webpack/app$',
          ],
          depConstraints: [
            { sourceTag: 'kind:app', onlyDependOnLibsWithTags: ['kind:lib'] },
            { sourceTag: 'kind:job', onlyDependOnLibsWithTags: ['kind:lib'] },
            { sourceTag: 'kind:tool', onlyDependOnLibsWithTags: ['kind:lib', 'kind:tool'] },
            mayUse('kind:agent', 'agent-kit', 'text', 'documents', 'language-model'),
            mayUse('lib:messaging', 'contracts', 'config'),
            mayUse('lib:redis-tasks', 'contracts', 'config'),
            mayUse('lib:typeorm-entities', 'contracts', 'config'),
            {
              ...mayUse('lib:dag-templates', 'contracts'),
              bannedExternalImports: [
                '@nestjs/*',
                'typeorm',
                '@nestjs-modules/ioredis',
                'ioredis',
                'amqplib',
                'amqp-connection-manager',
                '@golevelup/*',
              ],
            },
            mayUse(
              'lib:agent-kit',
              'messaging',
              'redis-tasks',
              'service-kit',
              'contracts',
              'config',
            ),
            mayUse('lib:config', 'contracts'),
            mayUse('lib:service-kit', 'contracts', 'config'),
            mayUse('lib:job-kit', 'service-kit', 'contracts'),
            mayUse('lib:scenario-kit', 'service-kit', 'contracts'),
            { ...mayUse('lib:contracts'), allowedExternalImports: ['zod', 'tslib'] },
            { ...mayUse('lib:text'), allowedExternalImports: ['tslib', 'fast-check'] },
            mayUse('lib:documents', 'contracts', 'text'),
            mayUse('lib:language-model', 'contracts', 'config'),
            { sourceTag: 'lib:testing', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['apps/**/src/**/*.ts', 'libs/**/src/**/*.ts', 'tools/**/src/**/*.ts', 'src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/test/**', '**/libs/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['@askflash/testing', '@askflash/agent-kit/testing'].map((name) => ({
            name,
            message: `Only specs may use ${name}.`,
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        __dirname: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        globalThis: 'readonly',
      },
    },
  },
  {
    files: ['**/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
