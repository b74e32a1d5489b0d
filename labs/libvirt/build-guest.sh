#!/usr/bin/env bash
# Builds the lab's guest: Debian's cloud kernel, an initramfs of busybox and the QEMU guest agent, two ext4 disks.
# usage: build-guest.sh OUT CACHE    (OUT appears whole or not at all; CACHE keeps what was downloaded)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?OUT}
cache=${2:?CACHE}
fail() { echo "The lab's guest was not built: $*" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail "it runs on x86_64 only, and this machine is $(uname -m)."

# Debian's packages, unpacked and not installed: they would pull in a boot loader's and a guest's set-up.
fetch_packages() {
  mkdir -p "$cache"
  cd "$cache"
  [ ! -e complete ] || return 0
  local kernel
  latest_kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}'; }
  kernel=$(latest_kernel)
  if [ -z "$kernel" ] && [ "$(id -u)" = 0 ]; then
    apt-get -qq update || true
    kernel=$(latest_kernel)
  fi
  [ -n "$kernel" ] || fail "apt knows no linux-image-cloud-amd64. Run 'apt-get update' as root, on Debian, and try again."
  rm -rf unpacked ./*.deb
  apt-get -qq -o APT::Sandbox::User=root download "$kernel" qemu-guest-agent busybox-static >/dev/null ||
    fail "apt could not download $kernel, qemu-guest-agent and busybox-static. Run 'apt-get update' as root and try again."
  for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
  rm -f ./*.deb
  touch complete
}

build_initramfs() {
  local root=root packages=$1 library
  mkdir -p $root/{bin,dev,proc,sys,run,modules,tmp,sbin} $root/usr/sbin
  install -m 755 "$packages/bin/busybox" $root/bin/busybox
  for applet in $("$packages/bin/busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
  # The agent calls these two by their full names: guest-set-time and guest-shutdown.
  ln -s ../bin/busybox $root/sbin/hwclock
  install -m 755 "$here/guest/shutdown" $root/sbin/shutdown
  install -m 755 "$packages/usr/sbin/qemu-ga" $root/bin/qemu-ga
  ! ldd "$packages/usr/sbin/qemu-ga" | grep 'not found' >&2 || fail "the guest agent needs the libraries above. Run labs/install.sh libvirt as root."
  for library in $(ldd "$packages/usr/sbin/qemu-ga" | grep -oE '/[^ ]+'); do install -D -m 755 "$library" "$root$library"; done
  for module in virtio/{virtio,virtio_ring,virtio_pci,virtio_pci_modern_dev,virtio_pci_legacy_dev} block/virtio_blk char/virtio_console; do
    cp "$packages"/lib/modules/*/kernel/drivers/$module.ko $root/modules/
  done
  install -m 755 "$here/guest/init" $root/init
  # Not compressed: to unpack it under emulation costs more than to load it.
  (cd $root && find . | "$packages/bin/busybox" cpio -o -H newc) >initrd 2>/dev/null
  rm -rf $root
}

# A disk's inode tables are written here, so that the guest's kernel does not do it behind a test's back.
build_disk() {
  local name=$1 size=$2 content=$3
  truncate -s "$size" "$name.raw"
  mkfs.ext4 -q -F -L "$name" -E lazy_itable_init=0,lazy_journal_init=0 -d "$content" "$name.raw"
  qemu-img convert -O qcow2 "$name.raw" "$name.qcow2"
  rm "$name.raw"
}

fetch_packages
work=$out.building
rm -rf "$work"
mkdir -p "$work/content" "$work/empty"
cd "$work"
# The packed kernel, although an unpacked one starts 0.5 s sooner: QEMU loads that one again at the wake-up from S3,
# over the memory of the sleeping guest.
cp "$cache"/unpacked/boot/vmlinuz-* vmlinuz
build_initramfs "$cache/unpacked"
head -c 3000000 /dev/urandom >content/blob.bin
(cd content && sha256sum blob.bin) >blob.sha256
build_disk vda 128M content
build_disk vdb 64M empty
rm -r content empty
chmod -R a+rX .
rm -rf "$out"
mv "$work" "$out"
