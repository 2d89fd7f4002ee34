# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian packages: which of the list are missing, and installing them if we may.

# wanted_packages GROUPS: the packages of these groups in the list.
wanted_packages() {
	for group in $1; do
		awk -v g="$group" '$1 == g { print $2 }' "$setup/packages"
	done
}

# missing_packages GROUPS: those that are not installed, on one line.
missing_packages() {
	wanted=$(wanted_packages "$1")
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
		sed -n 's/ installed$//p')
	for package in $wanted; do
		printf '%s\n' "$installed" | grep -q -x "$package" || printf '%s ' "$package"
	done
}

# as_root: print the words that run a command as root. Return: 1 if we can't.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		printf 'env'
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		printf 'sudo -n env'
	else
		return 1
	fi
}

install_packages() {
	apt="$(as_root) DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
	try_step apt-update "Reading the package lists of your mirrors" $apt update ||
		say "  (apt-get update complained, see $qtree/log/apt-update; going on)"
	say "  To install: $1"
	run_step apt-install "Installing them" $apt install --no-install-recommends $1
}

# ensure_packages GROUPS: install what is missing, or say the one command that does.
ensure_packages() {
	if ! command -v dpkg-query >/dev/null; then
		say "  not a Debian system: taking it that everything in $setup/packages is there"
		return 0
	fi
	missing=$(missing_packages "$1")
	[ -n "$missing" ] || return 0
	remedy="apt-get install --no-install-recommends $missing"
	if command -v sudo >/dev/null; then remedy="sudo $remedy"; else remedy="su -c '$remedy'"; fi
	[ "$install" = yes ] || die "missing packages (and --no-install was given)" "$remedy"
	as_root >/dev/null || die "missing packages, and no way to become root without asking" "$remedy"
	install_packages "$missing"
	changed=yes
}
