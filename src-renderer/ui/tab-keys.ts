interface TabList<T> {
  readonly tabs: readonly { readonly value: T }[];
  readonly value: T;
  readonly list: HTMLElement;
  readonly choose: (value: T) => void;
}

/** Arrow keys, Home and End choose another tab and focus it; the row goes round at its ends. */
export function chooseByKey<T>(event: KeyboardEvent, { tabs, value, list, choose }: TabList<T>): void {
  const at = tabs.findIndex((tab) => tab.value === value);
  const to = {
    ArrowLeft: (at + tabs.length - 1) % tabs.length,
    ArrowRight: (at + 1) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  const next = to === undefined ? undefined : tabs[to];
  if (to === undefined || next === undefined) return;
  event.preventDefault();
  choose(next.value);
  list.querySelectorAll('button')[to]?.focus();
}
