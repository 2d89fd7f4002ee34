// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qemu-vchassis: run the QEMU that the plug-in was built for, with the plug-in in it.
 *
 * Theory: the plug-in uses QEMU's internal structures, so it fits one binary only. That binary is
 * known by its build-id, a hash that the linker leaves in a note of the file: it is compared before
 * anything runs, and another QEMU is refused in one line. Then QEMU takes this process over, with
 * LD_PRELOAD naming the plug-in; the plug-in takes its name out again (preload.c).
 *
 * The plug-in is looked for beside the launcher (the build tree), then where "make install" puts it
 * relative to the launcher, so that an installed tree may be moved or packaged.
 *
 * All arguments are QEMU's, but for a first --qemu=PATH.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher-config.h"

/* As a shell has it for a command that can't be run. */
#define EXIT_REFUSED 126

/* A file's bytes, for the time of looking at them. */
struct image {
	const unsigned char *data;
	size_t size;
};

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *fmt, ...)
{
	va_list args;

	fputs("qemu-vchassis: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_REFUSED);
}

static struct image map_file(const char *path)
{
	struct image image;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s: %s", path, strerror(errno));
	image.size = st.st_size;
	image.data = S_ISREG(st.st_mode) && image.size ?
			     mmap(NULL, image.size, PROT_READ, MAP_PRIVATE, fd, 0) :
			     MAP_FAILED;
	if (image.data == MAP_FAILED)
		die("%s: not a program", path);
	close(fd);
	return image;
}

/* The @size bytes at @off of @image, or NULL if they aren't all there. */
static const void *bytes_at(const struct image *image, uint64_t off, uint64_t size)
{
	if (off > image->size || size > image->size - off)
		return NULL;
	return image->data + off;
}

static void to_hex(char *hex, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
}

/* Find the build-id among the notes of one segment. */
static bool id_in_notes(const struct image *image, uint64_t off, uint64_t end, char *hex,
			size_t room)
{
	const Elf64_Nhdr *note;

	/* Note layout: System V ABI, "Note Section": name and descriptor padded to 4 bytes. */
	while ((note = bytes_at(image, off, sizeof(*note))) && off < end) {
		uint64_t name_off = off + sizeof(*note);
		uint64_t desc_off = name_off + ((note->n_namesz + 3ull) & ~3ull);
		const char *name = bytes_at(image, name_off, note->n_namesz);
		const void *desc = bytes_at(image, desc_off, note->n_descsz);

		if (name && desc && note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
		    !memcmp(name, "GNU", 4) && note->n_descsz < room / 2) {
			to_hex(hex, desc, note->n_descsz);
			return true;
		}
		off = desc_off + ((note->n_descsz + 3ull) & ~3ull);
	}
	return false;
}

/* Read the build-id of the program @path as hex digits; the empty string if it has none. */
static void read_build_id(const char *path, char *hex, size_t room)
{
	struct image image = map_file(path);
	const Elf64_Ehdr *elf = bytes_at(&image, 0, sizeof(*elf));
	const Elf64_Phdr *seg;
	bool found = false;

	hex[0] = '\0';
	if (!elf || memcmp(elf->e_ident, ELFMAG, SELFMAG) || elf->e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf->e_phentsize != sizeof(*seg))
		die("%s: not a 64-bit program", path);
	for (int i = 0; i < elf->e_phnum && !found; i++) {
		seg = bytes_at(&image, elf->e_phoff + (uint64_t)i * sizeof(*seg), sizeof(*seg));
		if (seg && seg->p_type == PT_NOTE)
			found = id_in_notes(&image, seg->p_offset, seg->p_offset + seg->p_filesz,
					    hex, room);
	}
	munmap((void *)image.data, image.size);
}

static void check_qemu(const char *qemu)
{
	char id[2 * 64 + 1];

	read_build_id(qemu, id, sizeof(id));
	if (strcmp(id, VC_QEMU_BUILD_ID))
		die("%s is not the QEMU this was built for (%s); to build for it: ./configure "
		    "--qemu=%s && make",
		    qemu, VC_QEMU_VERSION, qemu);
}

/* Name the file @rest relative to the directory of this program, if it is there. */
static char *beside_us(const char *rest)
{
	char path[PATH_MAX + 256], *slash;
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (len < 0)
		die("/proc/self/exe: %s", strerror(errno));
	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, sizeof(path) - (slash + 1 - path), "%s", rest);
	return realpath(path, NULL);
}

static char *find_plugin(void)
{
	char *plugin = beside_us("vchassis.so");

	if (!plugin)
		plugin = beside_us(VC_PLUGIN_FROM_BINDIR);
	if (!plugin)
		die("no vchassis.so beside this program, nor at " VC_PLUGIN_FROM_BINDIR " from it");
	if (strpbrk(plugin, " :"))
		die("%s: LD_PRELOAD can't name a file with a blank or colon in its path", plugin);
	return plugin;
}

/* Put @plugin before whatever else is to be preloaded. */
static void preload(const char *plugin)
{
	const char *others = getenv("LD_PRELOAD");
	const char *colon = others && *others ? ":" : "";
	char *value;

	if (asprintf(&value, "%s%s%s", plugin, colon, others ? others : "") < 0 ||
	    setenv("LD_PRELOAD", value, 1) < 0)
		die("%s", strerror(errno));
	free(value);
}

/* Which QEMU: a first argument --qemu=PATH, taken out then; $VCHASSIS_QEMU; the one built for. */
static const char *choose_qemu(char **argv)
{
	static const char option[] = "--qemu=";
	const char *qemu = getenv("VCHASSIS_QEMU");

	if (argv[1] && !strncmp(argv[1], option, sizeof(option) - 1)) {
		qemu = argv[1] + sizeof(option) - 1;
		for (char **arg = argv + 1; *arg; arg++)
			arg[0] = arg[1];
	}
	return qemu && *qemu ? qemu : VC_QEMU_BINARY;
}

int main(int argc, char **argv)
{
	const char *qemu = choose_qemu(argv);

	check_qemu(qemu);
	preload(find_plugin());
	execv(qemu, argv);
	die("%s: %s", qemu, strerror(errno));
}
