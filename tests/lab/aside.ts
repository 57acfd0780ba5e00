/**
 * What a difference between a node and its fresh state leaves aside, and why: things that a running system writes by
 * itself, whether or not anybody changed it. Nothing of /etc, /home or /root is here except single named files.
 */
export interface Aside {
  /** Path in the node; a trailing `/` covers everything below, `*` any run of characters except `/`. */
  readonly path: string;
  readonly why: string;
}

export const asideFiles: readonly Aside[] = [
  { path: '/var/log/', why: 'system logs and the journal grow on their own' },
  { path: '/var/lib/systemd/timers/', why: 'stamps of when system timers last ran' },
  { path: '/var/lib/systemd/random-seed', why: 'rewritten at each boot and shutdown' },
  { path: '/var/lib/systemd/rfkill/', why: 'radio switch state, saved at shutdown' },
  { path: '/var/lib/systemd/linger/', why: 'an empty folder that logind makes when it likes' },
  { path: '/var/lib/systemd/catalog/', why: 'message catalogue cache' },
  { path: '/var/lib/NetworkManager/NetworkManager.state', why: "NetworkManager's own bookkeeping" },
  { path: '/var/lib/NetworkManager/timestamps', why: 'when each connection was last used' },
  { path: '/var/lib/NetworkManager/seen-bssids', why: 'access points seen' },
  { path: '/var/lib/NetworkManager/secret_key', why: 'random, made at first start' },
  { path: '/var/lib/NetworkManager/*.lease', why: 'DHCP leases' },
  { path: '/var/lib/NetworkManager/NetworkManager-intern.conf', why: "NetworkManager's own bookkeeping" },
  { path: '/var/lib/sudo/', why: 'sudo lecture shown once per user' },
  { path: '/run/sudo/', why: 'sudo timestamps' },
  { path: '/home/*/.sudo_as_admin_successful', why: 'sudo notes that an administrator has used it once' },
  { path: '/var/cache/', why: 'caches' },
  { path: '/root/.cache/', why: 'caches' },
  { path: '/home/*/.cache/', why: 'caches (pam and python write there)' },
  { path: '/root/.bash_history', why: 'shell history' },
  { path: '/home/*/.bash_history', why: 'shell history' },
  { path: '/etc/.pwd.lock', why: 'empty lock file of the passwd tools, kept by them on purpose' },
  { path: '/etc/.updated', why: 'stamp by which systemd knows that /etc was visited' },
  { path: '/var/.updated', why: 'stamp by which systemd knows that /var was visited' },
  { path: '/var/tmp/systemd-private-*/', why: 'private folders of running services, random names' },
  { path: '/tmp/systemd-private-*/', why: 'private folders of running services, random names' },
  { path: '/run/systemd/transient', why: 'the empty folder that the first login leaves; units in it count' },
  { path: '/run/systemd/transient/session-*', why: 'scope of a login session' },
  {
    path: '/run/NetworkManager/system-connections/lo*.nmconnection',
    why: 'profile for lo with a random id, made anew at each start of NetworkManager',
  },
];

/** What is left aside of the running state. */
export const asideState: readonly { readonly what: string; readonly why: string }[] = [
  { what: 'lifetimes of addresses and routes', why: 'they count down' },
  { what: 'flags tentative and dadfailed of addresses', why: 'they pass by themselves' },
  { what: 'neighbour caches', why: 'filled by any packet' },
  { what: 'packet counters of firewall rules', why: 'filled by any packet' },
  { what: 'times of timers', why: 'they move on' },
  { what: 'interface indexes', why: 'given anew at each boot' },
  { what: 'route metrics', why: 'NetworkManager hands them out in order of activation' },
  {
    what: 'the local, multicast and anycast routes',
    why: 'the kernel derives them from the addresses, some a second later',
  },
  {
    what: 'traces of logins: user@…, /run/user/…, /run/motd.dynamic',
    why: 'they come with a login and go after it',
  },
  { what: 'the random UDP ports of avahi-daemon', why: 'taken anew at each start; port 5353 counts' },
  {
    what: 'services started on demand (onDemand below)',
    why: 'dbus starts them for a question, and they end when idle',
  },
];

/** Running services that come and go with questions that others ask them, and with logins. */
export const onDemand =
  /^(NetworkManager-dispatcher|systemd-(hostnamed|timedated|localed)|polkit|user@\d+|user-runtime-dir@\d+)\.service$/;

/** Mount points and names in /run that come with a login. */
export const ofLogins = /^\/run\/(user\/\d+|motd\.dynamic)( |$)/;

function pattern(path: string): RegExp {
  const below = path.endsWith('/');
  const body = (below ? path.slice(0, -1) : path)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*');
  return new RegExp(`^${body}${below ? '(/.*)?' : ''}$`);
}

const patterns = asideFiles.map((aside) => ({ ...aside, regex: pattern(aside.path) }));

/** The reason why a path is left aside, or undefined when it counts. */
export function whyAside(path: string): string | undefined {
  return patterns.find((aside) => aside.regex.test(path))?.why;
}
