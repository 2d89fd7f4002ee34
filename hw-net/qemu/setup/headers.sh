# SPDX-License-Identifier: GPL-2.0-or-later
#
# What we need out of QEMU's own build, and no more: its generated headers, the compiler flags they
# want, the qtest accelerator as a module (distributions leave it out), and libqtest.
#
# QEMU stamps its modules with a hash of its version, its package version and its configure script,
# and refuses a module with another stamp. Configured with the package version that the installed
# binary shows, our tree must come to the distribution's stamp: that proves that source and binary
# belong together, and makes our qtest module acceptable to the distribution's QEMU as it is.

# supports OPTION: whether this version of QEMU's configure knows it.
supports() {
	printf '%s\n' "$configure_help" | grep -q -e "$1"
}

# configure_qemu: run QEMU's configure in $qtree/build, without network, with few features.
# The features that stay are those that change the layout of structures in headers.
configure_qemu() {
	rm -rf "$qtree/build"
	mkdir -p "$qtree/build"
	configure_help=$(cd "$qtree/build" && ../source/configure --help)
	set -- --target-list=x86_64-softmmu --with-pkgversion="$qemu_pkgversion" \
		--enable-modules --enable-module-upgrades --without-default-features \
		--enable-system --enable-tcg --enable-kvm --disable-werror \
		--extra-cflags='-O0 -U_FORTIFY_SOURCE'
	[ "$qemu_plugins" = no ] || set -- "$@" --enable-plugins
	! supports '--with-git-submodules' || set -- "$@" --with-git-submodules=ignore
	! supports '--disable-download' || set -- "$@" --disable-download
	! supports '--disable-install-blobs' || set -- "$@" --disable-install-blobs
	! supports '--disable-debug-info' || set -- "$@" --disable-debug-info
	! supports '--meson=' || set -- "$@" --meson="$(command -v meson)"
	(
		cd "$qtree/build"
		run_step qemu-configure "Configuring QEMU $qemu_version for its headers" \
			../source/configure "$@"
	)
}

# make_qemu NAME TEXT TARGET...: build some targets of QEMU's own build.
make_qemu() {
	name=$1 text=$2
	shift 2
	run_step "$name" "$text" nice ninja -C "$qtree/build" "$@"
}

# archives NAME...: the targets that make these libraries, which end in .a or in .fa (older QEMU).
archives() {
	for library; do
		ninja -C "$qtree/build" -t targets all | sed -n "s|^\($library\.f\{0,1\}a\): .*|\1|p"
	done
}

generated_headers() {
	ninja -C "$qtree/build" -t targets rule CUSTOM_COMMAND | grep '\.h$'
}

# module_dir: where the modules of $qemu are. Return: 1 if it has none.
module_dir() {
	prefix=${qemu%/*}/..
	found=$(first_file "${qemu%/*}"/accel-*.so "$prefix"/lib/qemu/*.so \
		"$prefix"/lib/*/qemu/*.so "$prefix"/lib64/qemu/*.so) || return 1
	readlink -f "${found%/*}"
}

stamp_of() {
	readelf -W --dyn-syms "$1" | sed -n 's/.* \(qemu_stamp_[0-9a-f]*\)$/\1/p'
}

# check_stamp DIR: our tree comes to the same stamp as a module of $qemu.
check_stamp() {
	theirs=$(stamp_of "$(first_file "$1"/*.so)")
	ours=$(stamp_of "$qtree/build/accel-qtest-x86_64.so")
	[ "$ours" = "$theirs" ] ||
		die "$qemu was not built from $(readlink -f "$qtree/source") (module stamps $theirs and $ours)" \
			"name the matching pair with --qemu=PATH and --qemu-source=DIR"
}

# link_modules DIR: $qtree/modules is DIR plus the qtest accelerator, if DIR lacks it.
link_modules() {
	rm -rf "$qtree/modules"
	mkdir -p "$qtree/modules"
	ln -s "$qtree/build/accel-qtest-x86_64.so" "$qtree/modules/"
	[ -n "$1" ] || return 0
	check_stamp "$1"
	ln -s -f "$1"/*.so "$qtree/modules/"
}

# write_flags: one compiler flag a line, as QEMU compiles a PCI device, for our meson.build.
write_flags() {
	python3 "$setup/flags.py" "$qtree/build" hw/pci/pci.c >"$qtree/flags.new" ||
		die "no compiler flags in $qtree/build/compile_commands.json" "read $qtree/log/qemu-configure"
	mv "$qtree/flags.new" "$qtree/flags"
}

# write_identity: what the launcher must know to recognise the QEMU it was built for.
write_identity() {
	printf '%s\n' "$qemu" >"$qtree/binary"
	printf '%s\n' "$qemu_build_id" >"$qtree/build-id"
	printf '%s\n' "$qemu_says" >"$qtree/version"
}

# ensure_headers: everything in $qtree is made, from this binary and this source.
ensure_headers() {
	libraries='libqemuutil libqom tests/qtest/libqos/libqos'
	[ "$only_plugin" = no ] || libraries=
	key="$qemu $qemu_build_id $source_key $libraries $(cat "$setup"/headers.sh "$setup"/flags.py | cksum)"
	! done_with headers "$key" || return 0
	ensure_meson
	configure_qemu
	make_qemu qemu-headers "Generating QEMU's headers" $(generated_headers)
	make_qemu qemu-qtest "Building the qtest accelerator${libraries:+ and libqtest}" \
		accel-qtest-x86_64.so $(archives $libraries)
	link_modules "$(module_dir)"
	write_flags
	write_identity
	mark_done headers "$key"
}
