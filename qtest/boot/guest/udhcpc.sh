#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What busybox's udhcpc calls with a lease: set the address, show what was given.
case $1 in
bound | renew)
	ip addr flush dev "$interface" scope global
	ip addr add "$ip/$mask" dev "$interface"
	for r in $router; do
		ip route replace default via "$r" dev "$interface"
	done
	echo "lease $ip/$mask from $serverid router $router"
	;;
esac
