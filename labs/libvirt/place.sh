# Where the lab lies and how to know its daemon; sourced by up.sh and down.sh.
# shellcheck shell=bash disable=SC2034
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
base=${QUIESCE_LABS_DIR:-/tmp/quiesce-labs}
lab=$base/libvirt
work=$lab/work
result=$repository/.labs/libvirt.json
pid_file=$lab/run/libvirtd.pid
socket=$lab/run/libvirt/libvirt-sock
uri="qemu+unix:///session?socket=$socket"

fail() {
  echo "The libvirt lab: $*" >&2
  exit 1
}

# Prints the pid of the lab's daemon when it lives. After a reboot the number may be another process's.
daemon_pid() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "libvirtd -p $pid_file " || return 1
  echo "$pid"
}

answers() { [ -S "$socket" ] && timeout 10 virsh -q -c "$uri" uri >/dev/null 2>&1; }

# Ends a process of the lab, kindly first.
end_process() {
  kill "$1" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 "$1" 2>/dev/null || true
}

# Removes a guest, a pool or a network of the lab, whatever state it is in, and its files.
remove_thing() {
  local quietly=(virsh -q -c "$uri")
  "${quietly[@]}" destroy "$1" || true
  "${quietly[@]}" undefine "$1" --managed-save --snapshots-metadata --checkpoints-metadata --nvram || true
  "${quietly[@]}" pool-destroy "$1" || true
  "${quietly[@]}" pool-undefine "$1" || true
  "${quietly[@]}" net-undefine "$1" || true
  rm -rf "${work:?}/$1"
} >/dev/null 2>&1
