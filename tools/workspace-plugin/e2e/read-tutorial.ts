import MarkdownIt from 'markdown-it';

/** What a reader of a tutorial does, and what they see then. */
export type TutorialStep =
  | Titled<{ readonly do: 'write'; readonly file: string; readonly text: string }>
  | Titled<{ readonly do: 'run'; readonly command: string; readonly output: readonly RegExp[] }>;

type Titled<Step> = Step & {
  /** As a reader would tell of it. */
  readonly title: string;
};

/**
 * Reads the steps of a tutorial in Markdown: each line of a `sh` block is a command, a `text` block behind
 * it has the lines that the last of them prints, with `…` for what differs, and a block with `file=PATH` is
 * what goes into that file.
 */
export function readTutorial(markdown: string): TutorialStep[] {
  const steps: TutorialStep[] = [];
  const fences = new MarkdownIt().parse(markdown, {}).filter(({ type }) => type === 'fence');
  for (const { info, content } of fences) {
    const [language = '', ...attributes] = info.split(' ');
    const file = attributes.find((attribute) => attribute.startsWith('file='));
    if (file) steps.push(writeStep(file.slice('file='.length), content));
    else if (language === 'sh') steps.push(...linesOf(content).map(runStep));
    else if (language === 'text') expectOutput(steps, linesOf(content).map(toPattern));
    else throw new Error(`Nobody runs a block of '${info}'`);
  }
  return steps;
}

function writeStep(file: string, text: string): TutorialStep {
  return { do: 'write', title: `write ${file}`, file, text };
}

function runStep(command: string): TutorialStep {
  return { do: 'run', title: command, command, output: [] };
}

function expectOutput(steps: TutorialStep[], output: readonly RegExp[]): void {
  const last = steps.pop();
  if (last?.do !== 'run') throw new Error('An output follows no command');
  steps.push({ ...last, output });
}

function linesOf(content: string): string[] {
  return content.split('\n').filter((line) => line.trim() !== '');
}

function toPattern(line: string): RegExp {
  const parts = line.trim().split('…');
  return new RegExp(parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*'));
}
