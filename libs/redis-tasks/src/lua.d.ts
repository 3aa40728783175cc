/** A Lua script, imported as text: webpack's `asset/source`, Jest's text transform. */
declare module '*.lua' {
  const script: string;
  export default script;
}
