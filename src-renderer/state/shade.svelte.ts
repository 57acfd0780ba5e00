import { createSubscriber } from 'svelte/reactivity';

export type Shade = 'dark' | 'light';

/** Dark or light, as the page shows it now. */
export function watchShade(): { readonly current: Shade } {
  const root = document.documentElement;
  const subscribe = createSubscriber((update) => {
    const observer = new MutationObserver(update);
    observer.observe(root, { attributes: true, attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  });
  return {
    get current(): Shade {
      subscribe();
      return root.dataset['theme'] === 'light' ? 'light' : 'dark';
    },
  };
}
