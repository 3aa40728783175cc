import type { IntentOutput } from '@askflash/agent-kit';

/** A sign of a category: how much it says for it where the query, in lower case, matches. */
export interface Sign {
  readonly category: IntentOutput['category'];
  readonly pattern: RegExp;
  readonly weight: number;
}

/** Weights: 3 settles it, 2 mostly does, 1 tips the scales. */
export const SIGNS: readonly Sign[] = [
  sign('informational', 2, /^(what|who) (is|are|was|were|does|do|happens)\b/),
  sign('informational', 2, /^(when|how (many|much|long|often|far|old|big|large))\b/),
  sign('informational', 2, /^how (does|do) (?!i\b|we\b|you\b|one\b)/),
  sign('informational', 2, /^(which|can|does|do|is|are|has|have|may|must)\b/),
  sign('informational', 2, /\b(explain|describe|define|tell me about|meaning of)\b/),

  sign('procedural', 3, /\bhow (do|can|could|should|would|may|must) (i|we|you|one|somebody)\b/),
  sign('procedural', 3, /\bhow to\b/),
  sign('procedural', 3, /\b(steps|instructions|way) (to|for)\b|\b(walk|guide) me through\b/),
  sign('procedural', 2, /\bwhat (do i|must i|should i|do i have to) do\b/),
  sign('procedural', 1, /\b(set up|install|configure|upgrade|migrate|deploy)\b/),

  sign('navigational', 3, /^where (is|are|can|do|does|could|would|will)\b/),
  sign('navigational', 3, /^(which|what) (file|folder|directory|page|document|section|url)\b/),
  sign('navigational', 3, /\b(link|url|path) (to|of|for)\b|^(go to|take me to|navigate to)\b/),
  sign(
    'navigational',
    2,
    /^(find|locate|show|open) (me )?(the )?.*\b(page|file|docs?|document|section|site|repository)\b/,
  ),

  sign(
    'transactional',
    3,
    /^(please )?(run|start|stop|restart|send|buy|order|book|delete|remove|cancel|submit|schedule|pay|download|subscribe|create|add|deploy|install|upgrade|reset|enable|disable)\b/,
  ),
  sign(
    'transactional',
    3,
    /^(can|could|would|will) you (please )?(run|start|stop|restart|send|order|book|delete|remove|cancel|submit|schedule|deploy|reset)\b/,
  ),
  sign('transactional', 1, /\bfor me\b|\bplease\b/),

  sign('comparative', 3, /\b(compare[ds]?|comparison|versus|vs|pros and cons)\b/),
  sign('comparative', 3, /\bdifferen(ce|ces|t)\b.*\b(between|from|than)\b|\bdiffers?\b.*\bfrom\b/),
  sign(
    'comparative',
    3,
    /\b(which|what) (one )?(is|are|works?|would be|performs?) (the )?(better|best|faster|fastest|cheaper|safer|easier|worse)\b/,
  ),
  sign(
    'comparative',
    2,
    /\b(better|faster|cheaper|safer|easier|rather|instead of|worse) (than|of)\b|\badvantages? (of|over)\b/,
  ),
  sign('comparative', 2, /^(should|shall) (i|we) (use|take|choose|pick)\b.*\bor\b/),

  sign(
    'diagnostic',
    3,
    /\b(does ?n.?t|do ?n.?t|wo ?n.?t|ca ?n.?t|cannot|is ?n.?t|not) (work|working|start|starting|connect|respond|responding|run|load|build|answer)\b/,
  ),
  sign(
    'diagnostic',
    3,
    /^why (does|do|did|is|are|was|were|has|have|will|would|can)\b.*\b(fail\w*|errors?|crash\w*|stuck|hang\w*|slow|missing|refused?|empty|lost|not|never|no|nothing|wrong|down|time[sd]? out)\b/,
  ),
  sign('diagnostic', 3, /\b(troubleshoot\w*|debug\w*|diagnos\w*|root cause|stack trace)\b/),
  sign(
    'diagnostic',
    3,
    /\b(sends?|shows?|returns?|gets?|says?|prints?) (nothing|no|an? (error|exception))\b/,
  ),
  sign(
    'diagnostic',
    2,
    /\b(broken|crash(es|ed|ing)?|keeps? \w+ing|stuck|hangs?|freez(es|ing)|fails? (to|with)|failed|failing|went wrong|goes wrong)\b/,
  ),
  sign(
    'diagnostic',
    1,
    /\b(errors?|exceptions?|exit code|timeouts?|time-outs?|problems?|issues?)\b/,
  ),

  sign(
    'creative',
    3,
    /^(please )?(can you |could you )?(write|compose|draft|imagine|invent|make up|paint|brainstorm|design) (me |us )?(an?|some|the)\b/,
  ),
  sign('creative', 3, /\b(poem|haiku|story|slogan|lyrics|limerick|song|joke|tagline)\b/),
  sign(
    'creative',
    2,
    /\b(suggest|find|think of|come up with|ideas? for)\b.*\b(names?|titles?|slogans?|ideas?)\b/,
  ),

  sign('analytical', 3, /\b(analy[sz]e|analysis|evaluate|assess|critique|interpret|investigate)\b/),
  sign(
    'analytical',
    3,
    /\b(implications?|consequences?|trade-?offs?|impact|effects?) (of|on|for|between)\b/,
  ),
  sign('analytical', 2, /^why\b/),
  sign(
    'analytical',
    2,
    /\b(reasons? (for|why|behind)|to what extent|how well|what would happen if|rationale)\b/,
  ),
];

function sign(category: Sign['category'], weight: number, pattern: RegExp): Sign {
  return { category, pattern, weight };
}
