import type { ChangeKind } from './kind';
import {
  achievedNetplan,
  irreversibleNetplan,
  judgeNetplan,
  previewNetplan,
  satisfiedNetplan,
  textOfNetplan,
  undoneNetplan,
} from './netplan-judge';
import { parseNetplan, readNetplan } from './netplan-read';
import { netplanSpecSchema, netplanStateSchema, type NetplanSpec, type NetplanState } from './netplan-spec';
import { backwardNetplan, forwardNetplan } from './netplan-steps';

/**
 * Files of /etc/netplan, guarded: tried in /run/netplan, where a power cut takes them back, kept by a rename.
 *
 * What an undo leaves: NetworkManager's own notes in /var/lib/NetworkManager (timestamps, seen-bssids,
 * NetworkManager.state, secret_key), journal entries, the empty folders /run/systemd/network and /run/udev/rules.d,
 * and networkd's /run/systemd/netif where it ran for a moment. NetworkManager is restarted by `netplan apply`.
 */
export const netplan: ChangeKind<NetplanSpec, NetplanState> = {
  name: 'netplan',
  spec: netplanSpecSchema,
  state: netplanStateSchema,
  read: readNetplan,
  parse: parseNetplan,
  satisfied: satisfiedNetplan,
  forward: forwardNetplan,
  backward: backwardNetplan,
  achieved: achievedNetplan,
  judge: (spec, prior, _after, now) => judgeNetplan(spec, prior, now),
  undone: (_spec, prior, now) => undoneNetplan(prior, now),
  preview: previewNetplan,
  text: textOfNetplan,
  irreversible: irreversibleNetplan,
};
