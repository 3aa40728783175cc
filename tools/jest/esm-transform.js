const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');

/** Makes an ES module one that Jest can `require`, as Node itself can. */
module.exports = {
  process(sourceText, sourcePath) {
    const { outputText } = transpileModule(sourceText, {
      fileName: sourcePath,
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, allowJs: true },
    });
    return { code: outputText };
  },
};
