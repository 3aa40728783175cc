/** Lets a spec import a text file (a Lua script) as webpack's `asset/source` does. */
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }),
};
