#!/usr/bin/env bash
# Boots the guest once and keeps its memory and disks of the moment when its agent answers: a test's guest starts from
# there in about a second, and does without the emulated boot.
# usage: build-ready.sh GUEST    (GUEST/ready appears whole or not at all; the lab's daemon must run)
set -euo pipefail
# shellcheck source=labs/libvirt/place.sh
. "$(dirname "$0")/place.sh"
guest=${1:?GUEST}
# Guests' names are as long as this one, so that name and uuid can be replaced in the saved image in place.
name=lab-template
uuid=00000000-0000-4000-8000-000000000000
home=$work/$name
cleanup() { remove_thing "$name"; }
trap cleanup EXIT
cleanup

mkdir -p "$home"
cp "$guest/vda.qcow2" "$guest/vdb.qcow2" "$home/"
sed -e "s#@NAME@#$name#g; s#@UUID@#$uuid#g; s#@GUEST@#$guest#g; s#@WORK@#$work#g" "$here/domain.xml" >"$home/domain.xml"
chown -R --reference="$work" "$home"
virsh -q -c "$uri" define "$home/domain.xml"
virsh -q -c "$uri" start "$name"
for attempt in $(seq 600); do
  virsh -q -c "$uri" qemu-agent-command "$name" '{"execute":"guest-ping"}' --timeout 5 >/dev/null 2>&1 && break
  [ "$attempt" -lt 600 ] || fail "the guest's agent did not answer within a minute. Its console: $(tail -n 5 "$home/console.log" 2>&1)"
  sleep 0.1
done
virsh -q -c "$uri" save "$name" "$home/memory.save"
rm -rf "$guest/ready.building"
mkdir "$guest/ready.building"
mv "$home/memory.save" "$home/vda.qcow2" "$home/vdb.qcow2" "$guest/ready.building/"
chmod -R a+rX "$guest/ready.building"
mv "$guest/ready.building" "$guest/ready"
