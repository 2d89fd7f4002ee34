# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of qemu-vchassis and its names for targets, from what they and QEMU print

_qemu_vchassis()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} target= words=

	COMPREPLY=()
	# bash takes --target=NAME for three words
	if [[ ${COMP_WORDS[1]} == --target && ${COMP_WORDS[2]} == = ]]; then
		if ((COMP_CWORD <= 3)); then
			words=$("$1" --targets 2>/dev/null | awk '/^[^ ]/ { name = $1 } /: fits$/ { print name }')
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "${word#=}")
			return
		fi
		target=--target=${COMP_WORDS[3]}
	fi
	case $before in
	-device) words=$("$1" $target -device help 2>/dev/null | sed -n 's/^name "\([^"]*\)".*/\1/p') ;;
	*)
		[[ $word == -* ]] || return
		words=$("$1" $target -help 2>/dev/null | sed -n 's/^\(-[a-z0-9-]*\).*/\1/p')
		((COMP_CWORD > 1)) || words="$words --target= --targets --qemu= --version"
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
# a link to this file has the name of a target
_name=${BASH_SOURCE[0]##*/}
complete -o default -F _qemu_vchassis qemu-vchassis "${_name%.bash}"
unset _name
