const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { version } = require('ts-jest/package.json');

/**
 * ts-jest, whose results all projects share: they compile with the same options, and what ts-jest
 * itself takes for the key of a result differs from project to project. It is loaded only once there
 * is something to compile.
 */
module.exports = {
  getCacheKey(text, path, { transformerConfig, supportsStaticESM, instrument }) {
    const tsconfig = readFileSync(transformerConfig.tsconfig);
    const parts = [version, process.version, tsconfig, path, text];
    const options = JSON.stringify([transformerConfig, supportsStaticESM, instrument]);
    const hash = createHash('sha256').update(options);
    for (const part of parts) hash.update('\0').update(part);
    return hash.digest('hex');
  },
  process(text, path, options) {
    compiler ??= require('ts-jest').default.createTransformer(options.transformerConfig);
    return compiler.process(text, path, options);
  },
};

let compiler;
