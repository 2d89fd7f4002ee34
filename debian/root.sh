# SPDX-License-Identifier: BSD-2-Clause
#
# A bare Debian in a directory, for the scripts here that want one. Sourced; uses $root, the directory.

# inside COMMAND...: run it there.
inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
		LC_ALL=C.UTF-8 "$@"
}

# mirror: the first of the user's.
mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | head -n 1
}

# make_root SUITE: debootstrap it; a directory that is there is taken as it is.
make_root() {
	[ ! -d "$root" ] || return 0
	rm -rf --one-file-system "$root.new"
	debootstrap --variant=minbase --include=ca-certificates "$1" "$root.new" "$(mirror)" >"$root.log" 2>&1 ||
		{ tail -n 5 "$root.log"; return 1; }
	mv "$root.new" "$root"
}

# mount_root, umount_root: what programs want of a running system.
mount_root() {
	mount -t proc proc "$root/proc" && mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" &&
		mkdir -p "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
}

umount_root() {
	for place in dev/shm dev/pts proc; do
		! grep -q " $root/$place " /proc/mounts || umount "$root/$place"
	done
}
