import type { AppState } from './app-state.svelte';
import type { ViewState } from './view.svelte';

/** Opens a playbook with its checklist; the list of playbooks where this Twinspark has no such one. */
export async function openPlaybook(app: AppState, view: ViewState, playbook: string): Promise<void> {
  if (!app.info.playbooks.some(({ id }) => id === playbook)) {
    view.open('playbooks');
    return;
  }
  // Opening plans as well; what refuses has said so.
  const open = app.book?.playbook === playbook || (await app.call(app.client['playbook.open']({ playbook })));
  if (open) view.open('checklist');
}
