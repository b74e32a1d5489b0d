#!/usr/bin/env bash
# Installs what labs need, in one transaction: the packages that labs/NAME/packages.txt lists (Debian 12).
# usage: labs/install.sh NAME…    (as root; when all is installed it needs neither root nor network)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fail() {
  echo "labs/install.sh: $*" >&2
  exit 1
}

[ $# -gt 0 ] || fail "name at least one lab: $(cd "$here" && echo */packages.txt | sed 's#/packages.txt##g')."
packages=()
for name in "$@"; do
  list=$here/$name/packages.txt
  [ -f "$list" ] || fail "there is no lab \"$name\". Labs: $(cd "$here" && echo */packages.txt | sed 's#/packages.txt##g')."
  while read -r package; do packages+=("$package"); done < <(grep -vE '^(#|$)' "$list")
done

command -v dpkg-query >/dev/null || fail "this is no Debian. Install what these packages hold: ${packages[*]}"
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || fail "to install ${missing[*]} takes root. Run: sudo labs/install.sh $*"

log=$(mktemp)
# A lab runs its own processes. While this file says so, no package starts a service of the machine.
policy=/usr/sbin/policy-rc.d
ours=
cleanup() {
  rm -f "$log"
  [ -z "$ours" ] || rm -f "$policy"
}
trap cleanup EXIT
if [ ! -e "$policy" ]; then
  ours=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1; }
echo "Installing ${missing[*]} and what they need …"
# Lists that cannot be refreshed may still be good enough; the install tells.
apt update || true
apt -y --no-install-recommends install "${missing[@]}" || {
  cat "$log" >&2
  fail "apt could not install ${missing[*]}; its messages stand above."
}
