import { getContext, setContext } from 'svelte';

export const viewNames = [
  'nodes',
  'playbooks',
  'checklist',
  'benchmarks',
  'runs',
  'report',
  'settings',
] as const;
export type ViewName = (typeof viewNames)[number];

/** A place in the window: a view, and what is open in it (a stage, a run). */
export interface Place {
  readonly view: ViewName;
  readonly item: string | null;
}

export interface TypeRequest {
  readonly target: 'node1' | 'node2' | 'local';
  readonly text: string;
}

function placeOf(state: unknown): Place | undefined {
  if (typeof state !== 'object' || state === null || !('view' in state) || !('item' in state))
    return undefined;
  const { view, item } = state;
  const known = viewNames.find((name) => name === view);
  if (known === undefined || (item !== null && typeof item !== 'string')) return undefined;
  return { view: known, item };
}

/** Which view is open. Each step is in the browser's history, so that Back and Forward work as everywhere. */
export class ViewState {
  place = $state.raw<Place>({ view: 'nodes', item: null });
  /** The drawer with the terminals. */
  drawerOpen = $state.raw(false);
  /** It has been open: what is in it goes on while it is closed. */
  drawerUsed = $state.raw(false);
  /** A command that waits to be typed (never run) into a terminal; the drawer takes it with {@link takeTyping}. */
  typing = $state.raw<TypeRequest | null>(null);

  constructor() {
    const kept = placeOf(history.state);
    if (kept) this.place = kept;
    window.addEventListener('popstate', (event) => {
      this.place = placeOf(event.state) ?? { view: 'nodes', item: null };
    });
  }

  get current(): ViewName {
    return this.place.view;
  }

  open(view: ViewName, item: string | null = null): void {
    if (this.place.view === view && this.place.item === item) return;
    this.place = { view, item };
    history.pushState(this.place, '');
  }

  /** As {@link open}, without a step of its own in the history. */
  replace(view: ViewName, item: string | null = null): void {
    const place = { view, item };
    this.place = place;
    // Not read back: an effect that only leads somewhere would depend on where it leads.
    history.replaceState(place, '');
  }

  showDrawer(open: boolean): void {
    this.drawerOpen = open;
    this.drawerUsed ||= open;
  }

  /** "Open in terminal": opens the drawer and types the text there without running it. */
  typeInto(target: TypeRequest['target'], text: string): void {
    this.showDrawer(true);
    this.typing = { target, text };
  }

  takeTyping(): TypeRequest | null {
    const request = this.typing;
    this.typing = null;
    return request;
  }
}

const key = Symbol('view');

export function provideView(view: ViewState): void {
  setContext(key, view);
}

export function useView(): ViewState {
  return getContext<ViewState>(key);
}
