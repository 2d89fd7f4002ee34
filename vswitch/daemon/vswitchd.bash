# SPDX-License-Identifier: BSD-2-Clause
# bash completion of vswitchd, from what its --help prints

_vswitchd()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} help words=

	COMPREPLY=()
	help=$("$1" --help 2>/dev/null)
	case $before in
	-l | --log-level) words=$(sed -n -e 's/(default)//' -e 's/,//g' -e 's/.*--log-level LEVEL *//p' <<<"$help" | tail -n 1) ;;
	*) [[ $word != -* ]] || words=$(sed -n 's/^ *\(-., \)\?\(--[a-z-]*\).*/\2/p' <<<"$help") ;;
	esac
	[[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _vswitchd vswitchd
