#!/usr/bin/env bash
# Takes the libvirt lab down: its guests, then its daemon, each by pid. The guest image stays for the next up.
set -euo pipefail
# shellcheck source=labs/libvirt/place.sh
. "$(dirname "$0")/place.sh"
rm -f "$result"
[ -d "$lab" ] || exit 0
exec 9>"$lab/lock"
flock -w 300 9 || fail "another up or down has held $lab/lock for five minutes."

if answers; then
  virsh -q -c "$uri" list --all --name | while read -r name; do [ -z "$name" ] || remove_thing "$name"; done
fi
# Guests that the daemon no longer knows, or that it cannot end.
for file in "$lab"/run/libvirt/qemu/run/*.pid; do
  [ -e "$file" ] || continue
  pid=$(cat "$file")
  if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$lab/c/libvirt/qemu/"; then end_process "$pid"; fi
done
if pid=$(daemon_pid); then end_process "$pid"; fi
rm -rf "$lab/run" "$lab/c" "$work"
