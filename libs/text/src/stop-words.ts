/**
 * English words that say nothing about a subject: they are neither indexed nor searched for. The
 * short ones at the end are what is left of contractions (`don't` → `don`, `t`).
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about all also am an and any are as at be been being but by can could did do does done for
  from get gets had has have he her here his how i if in into is it its just like may me might my
  of on one or our shall she should so some such than that the their them then there these they
  this those to too us very was we were what when where which while who whom whose why will with
  would you your
  d don doesn didn hasn haven isn aren wasn weren won wouldn couldn shouldn ll m re s t ve`.split(
    /\s+/,
  ),
);
