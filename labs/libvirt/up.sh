#!/usr/bin/env bash
# Brings the libvirt lab up: a private libvirtd in session mode, run by an ordinary user, and a guest image.
# Idempotent; what is there already is left alone. Writes .labs/libvirt.json in the repository.
set -euo pipefail
# shellcheck source=labs/libvirt/place.sh
. "$(dirname "$0")/place.sh"

missing=$(for tool in virsh libvirtd qemu-system-x86_64 qemu-img mkfs.ext4 openssl sshd ssh nc; do PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || echo "$tool"; done)
[ -z "$missing" ] || fail "not installed: $(echo $missing). Run labs/install.sh libvirt as root."
PATH=$PATH:/usr/sbin:/sbin

# libvirt puts the agent's socket at $lab/c/libvirt/qemu/channel/target/domain-ID-NAME/org.qemu.guest_agent.0, and a
# socket's path ends at 107 bytes: with names of 12 and ids of 4 characters, 29 are left for the lab.
[ "${#lab}" -le 29 ] || fail "QUIESCE_LABS_DIR=$base is too long for the sockets below it. Choose one of at most 21 characters."
mkdir -p -m 755 "$base" || fail "QUIESCE_LABS_DIR=$base cannot be made. Choose a short folder of your own."
[ ! -L "$base" ] && [ "$(stat -c %u "$base")" = "$(id -u)" ] || fail "$base belongs to somebody else. Set QUIESCE_LABS_DIR to a short folder of your own."

mkdir -p "$lab" "$work" "$lab/home" "$lab/c/libvirt"
mkdir -p -m 700 "$lab/run"
exec 9>"$lab/lock"
flock -w 300 9 || fail "another up or down has held $lab/lock for five minutes."

# QEMU and the daemon do not run as root: a lab must not be able to harm the machine.
as_user=()
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$work" "$lab/home" "$lab/c" "$lab/c/libvirt" "$lab/run"
fi

start_daemon() {
  local pid
  if pid=$(daemon_pid); then end_process "$pid"; fi
  rm -f "$pid_file" "$socket"
  # Guests' consoles are plain files: no log daemon is needed.
  echo 'stdio_handler = "file"' >"$lab/c/libvirt/qemu.conf"
  setsid "${as_user[@]}" env -i PATH="$PATH" HOME="$lab/home" XDG_RUNTIME_DIR="$lab/run" XDG_CONFIG_HOME="$lab/c" \
    XDG_CACHE_HOME="$lab/home/cache" XDG_DATA_HOME="$lab/home/share" \
    LIBVIRT_LOG_OUTPUTS=3:stderr libvirtd -p "$pid_file" </dev/null >"$lab/libvirtd.log" 2>&1 9>&- &
  for _ in $(seq 200); do
    if answers; then return; fi
    sleep 0.1
  done
  fail "its libvirtd does not answer at $socket. The end of $lab/libvirtd.log: $(tail -n 5 "$lab/libvirtd.log")"
}

# What test processes left that were killed before they could clean up.
sweep() {
  local owner
  for owner in "$work"/*/owner; do
    [ -e "$owner" ] || continue
    kill -0 "$(cat "$owner")" 2>/dev/null || remove_thing "$(basename "$(dirname "$owner")")"
  done
}

if ! { daemon_pid >/dev/null && answers; }; then start_daemon; fi
# What the guest is made of names its folder, so that two checkouts with different guests share the daemon in peace.
made_of=$(cat "$here"/{build-guest.sh,build-ready.sh,domain.xml,guest/*} <(qemu-system-x86_64 --version; libvirtd --version) | sha256sum | cut -c 1-8)
guest=$lab/guest-$made_of
[ -e "$guest/initrd" ] || "$here/build-guest.sh" "$guest" "$lab/debs" 9>&-
[ -e "$guest/ready" ] || "$here/build-ready.sh" "$guest" 9>&-
sweep

mkdir -p "$(dirname "$result")"
cat >"$result.new" <<JSON
{ "uri": "$uri", "socket": "$socket", "guestDir": "$guest", "workDir": "$work", "pid": $(daemon_pid) }
JSON
mv "$result.new" "$result"
