# SPDX-License-Identifier: BSD-2-Clause
# bash completion of qemu-vchassis-rebuild, from what its --help prints

_qemu_vchassis_rebuild()
{
	local word=${COMP_WORDS[COMP_CWORD]}

	COMPREPLY=()
	[[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "$("$1" --help | grep -o -e '--[a-z]*=\?' | sort -u)" -- "$word")
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
complete -o default -F _qemu_vchassis_rebuild qemu-vchassis-rebuild
