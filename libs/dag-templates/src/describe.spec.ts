import { exampleTemplate } from '../test/examples';
import { describe as draw } from './describe';
import { parseTemplate } from './parse-template';

describe('describe', () => {
  it('draws stages, dependencies, the way back and the search on demand', () => {
    expect(draw(exampleTemplate('standard_query'))).toBe(`flowchart LR
  s0["intent_analysis"]
  s1["embedding_lookup"]
  s2["executor_reasoning"]
  s3["moderation"]
  s4["response_packaging"]
  s0 --> s1
  s1 --> s2
  s2 --> s3
  s3 --> s4
  s3 -. "confidence below 0.7, at most 1×" .-> s2
  web["web_search"]
  s2 -. "needs the web, once" .-> web
  web -.-> s2
`);
  });

  it('tells a condition, with nothing in it that Mermaid could read as its own', () => {
    const when = 'upstream.intent_analysis.kind == "<b>"';
    const template = parseTemplate({
      name: 'asking',
      version: 1,
      description: 'One condition',
      stages: [
        { name: 'intent_analysis', timeoutMs: 1_000 },
        { name: 'web_search', timeoutMs: 1_000, dependsOn: ['intent_analysis'], when },
      ],
    });
    expect(draw(template)).toContain(
      's1["web_search<br/>when upstream.intent_analysis.kind #61;#61; #34;#60;b#62;#34;"]',
    );
  });
});
