#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Usage: units.sh VSWITCHD SYSTEM-UNIT USER-UNIT
#
# Lets systemd look at the units: each option must be one that it knows. The program is that of the
# build. Speaks TAP.

program=$(realpath "$1")
if ! command -v systemd-analyze >/dev/null; then
	echo '1..0 # SKIP there is no systemd-analyze'
	exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
echo 1..2

# look NUMBER UNIT OPTIONS: what systemd says of it, but for what this machine lacks
look() {
	unit=$dir/vswitchd.service
	sed "s|^ExecStart=[^ ]*|ExecStart=$program|" "$2" >"$unit"
	said=$(SYSTEMD_LOG_LEVEL=warning XDG_RUNTIME_DIR=$dir \
		systemd-analyze verify --man=no $3 "$unit" 2>&1 | grep -F vswitchd.service)
	if [ -z "$said" ]; then
		echo "ok $1 - $(basename "$2")"
	else
		printf '%s\n' "$said" | sed 's/^/# /'
		echo "not ok $1 - $(basename "$2")"
	fi
}
look 1 "$2" ''
look 2 "$3" --user
