const { NxAppWebpackPlugin } = require('@nx/webpack/app-plugin');
const { join, relative } = require('node:path');
const { DefinePlugin } = require('webpack');
const { version } = require('../../package.json');

const workspaceRoot = join(__dirname, '../..');

/**
 * The one webpack configuration of every Node app.
 *
 * tsc compiles (esbuild and swc drop the decorator metadata that Nest and TypeORM need); types are
 * checked by the `typecheck` target instead.
 *
 * @param {string} projectRoot absolute path of the project
 * @param {{ runtimeDependencies?: string[], commands?: string[], folders?: Record<string, string> }} [options]
 *   `runtimeDependencies`: packages that are only loaded by name at run time (typeorm loads `pg` so)
 *   and therefore have to be listed for the image's package.json; `commands`: further programs beside
 *   `main`, by name, each at `./src/<name>.ts`; `folders`: what goes beside them, by
 *   name, each with where it is from the project
 */
module.exports = function app(
  projectRoot,
  { runtimeDependencies = [], commands = [], folders = {} } = {},
) {
  const path = join(workspaceRoot, 'dist', relative(workspaceRoot, projectRoot));
  return {
    output: { path, clean: true, devtoolModuleFilenameTemplate: '[absolute-resource-path]' },
    module: {
      rules: [
        { test: /\.lua$/, type: 'asset/source' },
        {
          test: /\.ts$/,
          exclude: /node_modules/,
          enforce: 'post',
          loader: join(__dirname, 'cached-typescript.js'),
        },
      ],
    },
    plugins: [
      new DefinePlugin({ ASKFLASH_VERSION: JSON.stringify(version) }),
      new NxAppWebpackPlugin({
        target: 'node',
        compiler: 'tsc',
        main: './src/main.ts',
        additionalEntryPoints: commands.map((name) => ({
          entryName: name,
          entryPath: join(projectRoot, `src/${name}.ts`),
        })),
        tsConfig: './tsconfig.json',
        skipTypeChecking: true,
        sourceMap: true,
        assets: Object.entries(folders).map(([output, input]) => ({
          input: join(projectRoot, input),
          glob: '**/*',
          output,
        })),
        optimization: false,
        outputHashing: 'none',
        generatePackageJson: true,
        runtimeDependencies: ['tslib', ...runtimeDependencies],
      }),
    ],
  };
};
