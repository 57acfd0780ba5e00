interface Sayer {
  has(code: string): boolean;
  say(code: string): string;
}

/** Playbooks share the texts of their family: `connect.…` for `connect-two-sparks`. */
function family(playbook: string): string {
  return playbook.split('-')[0] ?? playbook;
}

function first(words: Sayer, codes: readonly string[]): string | undefined {
  const known = codes.find((code) => words.has(code));
  return known === undefined ? undefined : words.say(known);
}

/** A playbook's name for people; its id where it has none. */
export function playbookTitle(words: Sayer, playbook: string): string {
  return first(words, [`${playbook}.title`, `${family(playbook)}.title`]) ?? playbook;
}

/** What a playbook is for, in a sentence; empty where nobody has written one. */
export function playbookAbout(words: Sayer, playbook: string): string {
  return first(words, [`window.playbook.about.${playbook}`]) ?? '';
}

/** What has to be there before, one a line of the text. */
export function playbookNeeds(words: Sayer, playbook: string): string[] {
  return first(words, [`window.playbook.needs.${playbook}`])?.split('\n') ?? [];
}

/** What a stage does and why; empty where nobody has written it. */
export function stageWhy(words: Sayer, playbook: string, stage: string): string {
  return (
    first(words, [
      `${playbook}.stage.${stage}.why`,
      `${family(playbook)}.stage.${stage}.why`,
      `${playbook}.${stage}.why`,
    ]) ?? ''
  );
}

/** What an input decides. */
export function inputTitle(words: Sayer, playbook: string, key: string): string {
  return first(words, [`${playbook}.input.${key}`, `${family(playbook)}.input.${key}`]) ?? key;
}

/** A value of an input as it is shown on a button. */
export function valueTitle(words: Sayer, playbook: string, key: string, value: string): string {
  return first(words, [`window.playbook.choice.${key}.${value}`]) ?? valueWhy(words, playbook, key, value);
}

/** What a value means, in a sentence; the value itself where nobody has written one. */
export function valueWhy(words: Sayer, playbook: string, key: string, value: string): string {
  return (
    first(words, [`${playbook}.input.${key}.${value}`, `${family(playbook)}.input.${key}.${value}`]) ?? value
  );
}
