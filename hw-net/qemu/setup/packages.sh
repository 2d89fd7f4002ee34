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

# with_qemu PACKAGE...: programs of QEMU in the version of the installed one, which may be of the backports; their
# common package has one version only.
with_qemu() {
	version=$(dpkg-query -W -f '${Version}' qemu-system-x86 2>/dev/null) || version=
	for package; do
		case $package in
		qemu-system-*)
			! apt-cache madison "$package" 2>/dev/null | awk '{ print $3 }' | grep -q -x -F -e "$version" ||
				package=$package=$version
			;;
		esac
		printf '%s ' "$package"
	done
}

install_packages() {
	apt="$(as_root) DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
	try_step apt-update "Reading the package lists of your mirrors" $apt update ||
		say "  (apt-get update complained, see $qtree/log/apt-update; going on)"
	say "  To install: $1"
	run_step apt-install "Installing them" $apt install --no-install-recommends $(with_qemu $1)
}

# remedy PACKAGE...: print the command that installs them.
remedy() {
	command="apt-get update && apt-get install --no-install-recommends $(with_qemu "$@")"
	if command -v sudo >/dev/null; then printf "sudo sh -c '%s'" "$command"; else printf "su -c '%s'" "$command"; fi
}

# install_or_say PACKAGES WHAT: install them if we may, or die of WHAT.
install_or_say() {
	[ "$install" = yes ] || die "$2 (and --no-install was given)" "$(remedy $1)"
	as_root >/dev/null || die "$2, and no way to become root without asking" "$(remedy $1)"
	install_packages "$1"
	changed=yes
}

# ensure_packages GROUPS: install what is missing, or say the one command that does.
ensure_packages() {
	if ! command -v dpkg-query >/dev/null; then
		say "  not a Debian system: taking it that everything in $setup/packages is there"
		return 0
	fi
	missing=$(missing_packages "$1")
	[ -n "$missing" ] || return 0
	install_or_say "$missing" "missing packages"
}

# offered_version PACKAGE WANTED: the newest version the mirrors offer, backports included, if it is not older.
offered_version() {
	offered=$(apt-cache madison "$1" 2>/dev/null | awk '{ print $3 }' | sort -V | tail -n 1)
	[ -z "$offered" ] || ! at_least "$offered" "$2" || printf '%s' "$offered"
}

# ensure_meson: QEMU's source may want a newer meson than the distribution's, and have it with it or not.
ensure_meson() {
	wanted=$(sed -n "s/.*meson_version: '>=\([0-9.]*\)'.*/\1/p" "$qtree/source/meson.build" | head -n 1)
	! at_least "$(meson --version)" "$wanted" || return 0
	[ -z "$(first_file "$qtree"/source/python/wheels/meson-*.whl)" ] || return 0
	version=$(offered_version meson "$wanted")
	[ -n "$version" ] ||
		die "QEMU $qemu_version is built with meson $wanted or newer, but your mirrors have none" \
			"add the mirror your QEMU came from (backports?) to /etc/apt and run ./configure again"
	install_or_say "meson=$version" "meson $(meson --version) is too old for QEMU $qemu_version"
}
