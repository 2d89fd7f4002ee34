#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Usage: tsan.sh PROGRAM [ARGS]
#
# Runs a TAP program built with -fsanitize=thread. Older sanitizers do not start where the kernel
# spreads mappings wider than they know; that is no verdict on the program, so it is skipped.

out=$("$@" 2>&1)
status=$?
case $out in
*'FATAL: ThreadSanitizer: unexpected memory mapping'*)
	echo '1..0 # SKIP this ThreadSanitizer does not start on this kernel'
	exit 0
	;;
esac
printf '%s\n' "$out"
case $out in
*'WARNING: ThreadSanitizer'*)
	echo 'Bail out! a data race'
	exit 1
	;;
esac
exit $status
