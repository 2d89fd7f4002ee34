# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which QEMU the plug-in is for, and its source.
#
# The source package of a distribution's QEMU comes from the mirrors the user already has, but
# their lists seldom name source packages, and they are not ours to edit. So a private copy of the
# lists that offer QEMU, with "deb" turned into "deb-src", is used with a private state directory:
# nothing outside the build directory changes, and keys and mirrors stay the user's own.

# find_qemu: set $qemu_name (what the user calls), $qemu (the program), and what it says of itself.
find_qemu() {
	asked=${qemu:-qemu-system-x86_64}
	qemu_name=$(command -v "$asked") || die "no QEMU at $asked" "name one with --qemu=PATH"
	qemu_name=$(cd "$(dirname "$qemu_name")" && pwd)/${qemu_name##*/}
	qemu=$(program_of "$qemu_name") ||
		die "$qemu_name is a script that names no program ${qemu_name##*/}" "name the program itself with --qemu=PATH"
	banner=$("$qemu" --version 2>/dev/null | head -n 1)
	case $banner in
	"QEMU emulator version "*) ;;
	*) die "$qemu does not say that it is QEMU" "name one with --qemu=PATH" ;;
	esac
	qemu_says=${banner#QEMU emulator version }
	qemu_version=${qemu_says%% *}
	qemu_pkgversion=$(printf '%s\n' "$qemu_says" | sed -n 's/^[^(]*(\(.*\))$/\1/p')
	qemu_build_id=$(build_id_of "$qemu")
	[ -n "$qemu_build_id" ] ||
		die "$qemu has no build-id, so a changed QEMU could not be told" "link it with -Wl,--build-id"
	"$qemu" -help | grep -q '^-plugin' && qemu_plugins=yes || qemu_plugins=no
	readelf -W --dyn-syms "$qemu" | grep -q ' register_module_init$' ||
		die "$qemu does not export its symbols" "use one that was built with --enable-modules"
}

# find_package: set $source_package and $source_version of the package that owns $qemu.
find_package() {
	owner=$(dpkg-query -S "$qemu" 2>/dev/null | sed -n 's/: .*//p' | head -n 1)
	[ -n "$owner" ] ||
		die "no package owns $qemu, so its source is unknown" "name it with --qemu-source=DIR"
	source_package=$(dpkg-query -W -f '${source:Package}' "$owner")
	source_version=$(dpkg-query -W -f '${source:Version}' "$owner")
}

# offers_qemu INDEX: whether this package index of apt names our package.
offers_qemu() {
	/usr/lib/apt/apt-helper cat-file "$1" 2>/dev/null | grep -q "^Package: $owner\$"
}

# offering_lists: the files of /etc/apt that offer our package, as far as apt has their indexes.
offering_lists() {
	apt-get indextargets --format '$(SOURCESENTRY) $(FILENAME)' 'Identifier: Packages' |
	while read -r entry index; do
		! offers_qemu "$index" || printf '%s\n' "${entry%:*}"
	done | sort -u
}

# source_lists: those; or all, if no index says anything (a container image without them).
source_lists() {
	offering=$(offering_lists)
	if [ -n "$offering" ]; then
		printf '%s\n' "$offering"
	else
		find /etc/apt/sources.list /etc/apt/sources.list.d -type f \
			\( -name '*.list' -o -name '*.sources' \) 2>/dev/null
	fi
}

# private_lists DIR: copies of the user's lists in DIR that name source packages instead.
private_lists() {
	rm -rf "$1"
	mkdir -p "$1"
	for list in $(source_lists); do
		case $list in
		*.sources)
			# a deb822 stanza: its Types line, with the lines that continue it
			awk '/^[Tt]ypes:/ { print "Types: deb-src"; skip = 1; next }
			     skip && /^[ \t]/ { next }
			     { skip = 0; print }' "$list"
			;;
		*) sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list" ;;
		esac >"$1/${list##*/}"
	done
	[ -n "$(ls -A "$1")" ] ||
		die "there are no lists of mirrors in /etc/apt" "name a source tree with --qemu-source=DIR"
}

# private_apt ARGUMENT...: apt-get with lists, state and cache of its own.
private_apt() {
	apt-get -q \
		-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$qtree/apt/lists.d" \
		-o Dir::State="$qtree/apt/state" -o Dir::State::Status=/var/lib/dpkg/status \
		-o Dir::Cache="$qtree/apt/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

download_source() {
	cd "$qtree/package"
	private_apt source --download-only --only-source "$source_package=$source_version"
}

fetch_source() {
	mkdir -p "$qtree/apt/state/lists/partial" "$qtree/apt/cache/archives/partial" \
		"$qtree/package"
	private_lists "$qtree/apt/lists.d"
	try_step source-lists "Reading the source lists of your mirrors" private_apt update ||
		say "  (some list could not be read, see $log; going on)"
	try_step source-fetch "Fetching the source of $source_package $source_version" download_source ||
		die "your mirrors do not have the source of the installed $source_package $source_version, or could not be reached ($log)" \
			"update QEMU (apt-get update && apt-get install $owner) and run ./configure again, or name a tree with --qemu-source=DIR"
}

unpack_source() {
	rm -rf "$qtree/source"
	run_step source-unpack "Unpacking it" \
		dpkg-source --no-check -x "$(first_file "$qtree"/package/*.dsc)" "$qtree/source"
}

# package_source: $qtree/source is the source package of $qemu.
package_source() {
	find_package
	source_key="$source_package $source_version"
	! done_with source "$source_key" || return 0
	rm -rf "$qtree/package"
	fetch_source
	unpack_source
	rm -rf "$qtree/package"
	mark_done source "$source_key"
}

# own_source DIR: $qtree/source is the user's tree.
own_source() {
	[ -e "$1/include/qemu/osdep.h" ] || die "$1 is not a QEMU source tree" "check --qemu-source=DIR"
	source_key=$(cd "$1" && pwd)
	! done_with source "$source_key" || return 0
	rm -rf "$qtree/source"
	ln -s "$source_key" "$qtree/source"
	mark_done source "$source_key"
}

# ensure_source: have the source of $qemu, and be sure that it is.
ensure_source() {
	mkdir -p "$qtree"
	if [ -n "$qemu_source" ]; then
		own_source "$qemu_source"
	else
		package_source
	fi
	[ "$(cat "$qtree/source/VERSION")" = "$qemu_version" ] ||
		die "the source in $qtree/source is QEMU $(cat "$qtree/source/VERSION"), but $qemu is $qemu_version" \
			"name the matching pair with --qemu=PATH and --qemu-source=DIR"
}
