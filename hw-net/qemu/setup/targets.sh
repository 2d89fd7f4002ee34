# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which QEMUs one build of the plug-in serves. The programs of one build of QEMU, one for each kind of
# machine, have the same structures and export the same functions, as far as PCI devices use them. So
# the plug-in fits them all, but for those without a PCI bus and those that export nothing (Debian's
# microvm). That a program is of the same build shows its stamp, which QEMU compares with its modules'.
#
# $qtree/targets is the list, for the launcher: a line TARGET STATE BUILD-ID PROGRAM NAME, separated by
# tabs, for each; the first is $qemu. NAME is what the user calls; PROGRAM is what runs, which is
# another file if NAME is a script or a link.

is_script() {
	[ "$(head -c 2 "$1" 2>/dev/null | tr -d '\0')" = '#!' ]
}

# program_of NAME: the program behind NAME. Debian's qemu-system-i386 is a script that ends with
# running the program of its own name in another directory. Return: 1 if a script names none.
program_of() {
	behind=$(readlink -f "$1")
	if is_script "$behind"; then
		for behind in $(grep -o "/[[:alnum:]/._+-]*/${1##*/}\>" "$behind"); do
			[ ! -x "$behind" ] || is_script "$behind" || break
			behind=
		done
	fi
	[ -n "$behind" ] && printf '%s\n' "$behind"
}

build_id_of() {
	readelf -n "$1" 2>/dev/null | sed -n 's/.*Build ID: //p'
}

program_stamp() {
	grep -a -o -m 1 'qemu_stamp_[0-9a-f]*' "$1" | head -n 1
}

# state_of PROGRAM: fits, or why not; the launcher has words for each.
state_of() {
	exported=$(readelf -W --dyn-syms "$1" 2>/dev/null | awk '{ print $8 }' |
		grep -x -e register_module_init -e pci_register_bar) || true
	case $exported in
	*register_module_init*) ;;
	*) echo no-symbols && return ;;
	esac
	if [ -z "$(build_id_of "$1")" ]; then
		echo no-build-id
	elif [ "$(program_stamp "$1")" != "$(program_stamp "$qemu")" ]; then
		echo other-build
	else
		case $exported in *pci_register_bar*) echo fits ;; *) echo no-pci ;; esac
	fi
}

# arch_of PROGRAM: what it says its target is.
arch_of() {
	printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-target"}' '{"execute":"quit"}' |
		"$1" -machine none -nodefaults -display none -qmp stdio 2>/dev/null |
		sed -n 's/.*"arch": *"\([^"]*\)".*/\1/p'
}

# target_of NAME PROGRAM: by its name, else by what it says.
target_of() {
	case ${1##*/} in
	qemu-system-?*) printf '%s\n' "${1##*/qemu-system-}" ;;
	*) arch_of "$2" ;;
	esac
}

# names: $qemu_name, then what is beside it.
names() {
	printf '%s\n' "$qemu_name"
	for name in "${qemu_name%/*}"/qemu-system-*; do
		[ ! -x "$name" ] || [ "$name" = "$qemu_name" ] || printf '%s\n' "$name"
	done
}

target_rows() {
	names | while read -r name; do
		program=$(program_of "$name") || continue
		printf '%s\t%s\t%s\t%s\t%s\n' "$(target_of "$name" "$program")" "$(state_of "$program")" \
			"$(build_id_of "$program")" "$program" "$name"
	done | awk -F '\t' '$1 != "" && !seen[$1]++'
}

# ensure_targets: $qtree/targets is made from the programs that are there now.
ensure_targets() {
	key="$(names | xargs -d '\n' stat -L -c '%n %s %Y') $qemu_build_id $(cksum <"$setup/targets.sh")"
	! done_with targets "$key" || return 0
	target_rows >"$qtree/targets.new"
	cmp -s "$qtree/targets.new" "$qtree/targets" || mv "$qtree/targets.new" "$qtree/targets"
	mark_done targets "$key"
}

# targets_that STATE: their names on one line; with "not STATE" the others, with why.
targets_that() {
	if [ "$1" = not ]; then
		awk -F '\t' -v s="$2" '$2 != s { printf "%s (%s) ", $1, $2 }' "$qtree/targets"
	else
		awk -F '\t' -v s="$1" '$2 == s { printf "%s ", $1 }' "$qtree/targets"
	fi
}
