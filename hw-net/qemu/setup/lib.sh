# SPDX-License-Identifier: GPL-2.0-or-later
#
# How the set-up talks: what it does, how long it takes, and what to do when it fails.
# Sourced by ./configure; uses $qtree (the directory of everything made for QEMU).

say() {
	printf '%s\n' "$*"
}

# die WHAT [WHAT-TO-DO]: end with one line about the fault and one about the remedy.
die() {
	printf 'configure: %s\n' "$1" >&2
	[ -z "${2-}" ] || printf '  to mend it: %s\n' "$2" >&2
	exit 1
}

# progress PID TEXT: show that PID still works, on a terminal each second, in a log each 20 s.
progress() {
	seconds=0
	[ -t 1 ] || printf '  %s ...\n' "$2"
	while kill -0 "$1" 2>/dev/null; do
		if [ -t 1 ]; then
			printf '\r  %s ... %ss' "$2" "$seconds"
		elif [ $((seconds % 20)) -eq 19 ]; then
			printf '  %s ... %ss\n' "$2" "$((seconds + 1))"
		fi
		sleep 1
		seconds=$((seconds + 1))
	done
	[ ! -t 1 ] || printf '\r'
	printf '  %s: %ss   \n' "$2" "$seconds"
}

# try_step NAME TEXT COMMAND...: run a long command with its output in log/NAME, showing progress.
# Return: the command's.
try_step() {
	log=$qtree/log/$1
	step_text=$2
	shift 2
	mkdir -p "$qtree/log"
	"$@" >"$log" 2>&1 </dev/null &
	step_pid=$!
	trap 'kill "$step_pid" 2>/dev/null; exit 130' INT TERM
	progress "$step_pid" "$step_text"
	wait "$step_pid"
}

# run_step NAME TEXT COMMAND...: as try_step, but a failure shows the end of the log and ends all.
run_step() {
	try_step "$@" && return 0
	say "--- the end of $log:" >&2
	tail -n 25 "$log" >&2
	die "$step_text failed" "read $log"
}

# done_with STEP KEY: true if STEP was finished before, from the same KEY.
done_with() {
	[ "$(cat "$qtree/done/$1" 2>/dev/null)" = "$2" ]
}

mark_done() {
	mkdir -p "$qtree/done"
	printf '%s\n' "$2" >"$qtree/done/$1"
	changed=yes
}

# at_least VERSION WANTED: whether a version is not older than another.
at_least() {
	[ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}

# first_file FILE...: print the first that exists. Return: 1 if none does.
first_file() {
	for candidate; do
		if [ -e "$candidate" ]; then
			printf '%s\n' "$candidate"
			return 0
		fi
	done
	return 1
}
