#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a guest of another architecture runs as init: one card after the other gets a lease, fetches a
# file, and sends it back. Each step of a card is a line "vct: NAME DRIVER STEP RESULT" on the console.
# The kernel puts PEER=HOST:PORT of its command line into our environment.
export PATH=/bin
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox --install -s /bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev 2>/dev/null

step() {
	text=$1
	shift
	if said=$("$@" 2>&1); then
		echo "vct: $name $driver $text ok" $said
		return 0
	fi
	echo "vct: $name $driver $text failed" $said
	return 1
}

lease() {
	udhcpc -i "$dev" -f -q -n -t 10 -T 2 -s /bin/udhcpc.sh | grep lease
}

has_link() {
	for i in $(seq 300); do
		[ "$(cat /sys/class/net/$dev/carrier 2>/dev/null)" != 1 ] || return 0
		sleep 0.1
	done
	return 1
}

no_errors() {
	cd /sys/class/net/$dev/statistics
	grep -H -v '^0$' rx_errors tx_errors rx_crc_errors rx_length_errors && return 1
	echo "$(cat rx_packets) in, $(cat tx_packets) out"
}

try_card() {
	ip link set "$dev" up
	step link has_link &&
		step lease lease &&
		step ping ping -q -c 3 -W 5 "${PEER%:*}" &&
		step fetch timeout 60 wget -q -O /tmp/file "http://$PEER/$name" &&
		step return timeout 60 wget -q -O - --post-file=/tmp/file "http://$PEER/$name" &&
		step errors no_errors
	ip addr flush dev "$dev"
	ip link set "$dev" down
}

while read -r module; do
	insmod "/modules/$module" || echo "vct: no $module"
done </modules/order

echo "vct: Linux $(uname -r) $(uname -m)"
for dev in $(ls /sys/class/net); do
	name=$(cat /sys/class/net/$dev/address)
	[ -e /sys/class/net/$dev/device/driver ] || continue
	driver=$(readlink -f /sys/class/net/$dev/device/driver)
	driver=${driver##*/}
	try_card
done
echo "vct: end"
reboot -f
