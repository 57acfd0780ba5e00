import type { FailureInfo, Message } from '../api/types';

export type Toast = { readonly id: number } & (
  | { readonly kind: 'failure'; readonly failure: FailureInfo }
  | { readonly kind: 'done'; readonly message: Message }
);

const mostShown = 4;

/** Short notes at the edge of the window. A failure stays until it is closed. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #nextId = 0;

  failure(failure: FailureInfo): void {
    this.#add({ id: this.#nextId++, kind: 'failure', failure });
  }

  done(message: Message): void {
    this.#add({ id: this.#nextId++, kind: 'done', message });
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Toast): void {
    this.list = [...this.list, toast].slice(-mostShown);
  }
}
