import type { Component } from 'svelte';
import type { ViewName } from './state/view.svelte';

type Load = () => Promise<{ default: Component }>;

/** Each view is loaded when it is first opened. It fills the main area, and scrolls inside itself. */
export const loadView: Record<ViewName, Load> = {
  nodes: () => import('./features/nodes/nodes-view.svelte'),
  playbooks: () => import('./features/playbook/chooser-view.svelte'),
  checklist: () => import('./features/playbook/checklist-view.svelte'),
  benchmarks: () => import('./features/benchmarks/benchmarks-view.svelte'),
  runs: () => import('./features/runs/runs-view.svelte'),
  report: () => import('./features/report/report-view.svelte'),
  settings: () => import('./features/settings/settings-view.svelte'),
};

/** What the drawer holds. */
export const loadDrawer: Load = () => import('./features/terminals/terminal-drawer.svelte');
