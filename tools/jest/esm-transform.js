const { createHash } = require('node:crypto');
const { ModuleKind, ScriptTarget, transpileModule, version } = require('typescript');

const compilerOptions = {
  module: ModuleKind.CommonJS,
  target: ScriptTarget.ES2023,
  allowJs: true,
};

/** Makes an ES module one that Jest can `require`, as Node itself can; once for all projects. */
module.exports = {
  getCacheKey: (sourceText, sourcePath) =>
    createHash('sha256')
      .update([version, JSON.stringify(compilerOptions), sourcePath, sourceText].join('\0'))
      .digest('hex'),
  process(sourceText, sourcePath) {
    const { outputText } = transpileModule(sourceText, { fileName: sourcePath, compilerOptions });
    return { code: outputText };
  },
};
