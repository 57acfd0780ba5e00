import type { Component } from 'svelte';
import type { ViewName } from './state/view.svelte';

type Load = () => Promise<{ default: Component }>;

const found = import.meta.glob<{ default: Component }>('./features/*/*-{view,drawer}.svelte');

function part(path: string): Load {
  return found[`./features/${path}.svelte`] ?? (() => Promise.reject(new Error(`no view ${path}`)));
}

/** Each view is loaded when it is first opened. It fills the main area, and scrolls inside itself. */
export const loadView: Record<ViewName, Load> = {
  nodes: part('nodes/nodes-view'),
  playbooks: part('playbook/chooser-view'),
  checklist: part('playbook/checklist-view'),
  runs: part('runs/runs-view'),
  settings: part('settings/settings-view'),
};

/** What the drawer holds. */
export const loadDrawer: Load = part('terminals/terminal-drawer');
