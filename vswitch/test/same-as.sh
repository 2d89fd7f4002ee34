#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# same-as.sh PROGRAM FILE [ARGUMENT]: is what the program prints what the file has? Speaks TAP.
echo 1..1
if "$1" ${3+"$3"} | cmp -s - "$2"; then
	echo "ok 1 - $2 is up to date"
else
	echo "not ok 1 - $2 is out of date: $1 $3 > $2"
	exit 1
fi
