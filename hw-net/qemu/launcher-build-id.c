// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The build-id of a program: a hash that the linker leaves in a note of the file. The file is
 * whatever the user named, so that every offset in it is checked.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

/* A file's bytes, for the time of looking at them. */
struct image {
	const unsigned char *data;
	size_t size;
};

static const char *map_file(const char *path, struct image *image)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return strerror(errno);
	image->data = MAP_FAILED;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size) {
		image->size = st.st_size;
		image->data = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return image->data == MAP_FAILED ? "not a program" : NULL;
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
static bool id_in_notes(const struct image *image, uint64_t off, uint64_t end, char *hex)
{
	const Elf64_Nhdr *note;

	/* Note layout: System V ABI, "Note Section": name and descriptor padded to 4 bytes. */
	while ((note = bytes_at(image, off, sizeof(*note))) && off < end) {
		uint64_t name_off = off + sizeof(*note);
		uint64_t desc_off = name_off + ((note->n_namesz + 3ull) & ~3ull);
		const char *name = bytes_at(image, name_off, note->n_namesz);
		const void *desc = bytes_at(image, desc_off, note->n_descsz);

		if (name && desc && note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
		    !memcmp(name, "GNU", 4) && note->n_descsz < BUILD_ID_ROOM / 2) {
			to_hex(hex, desc, note->n_descsz);
			return true;
		}
		off = desc_off + ((note->n_descsz + 3ull) & ~3ull);
	}
	return false;
}

static const char *id_in_image(const struct image *image, char *hex)
{
	const Elf64_Ehdr *elf = bytes_at(image, 0, sizeof(*elf));
	const Elf64_Phdr *seg;
	bool found = false;

	if (image->size > 2 && !memcmp(image->data, "#!", 2))
		return "a script, not a program; name the one that it runs";
	if (!elf || memcmp(elf->e_ident, ELFMAG, SELFMAG) || elf->e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf->e_phentsize != sizeof(*seg))
		return "not a 64-bit program";
	for (int i = 0; i < elf->e_phnum && !found; i++) {
		seg = bytes_at(image, elf->e_phoff + (uint64_t)i * sizeof(*seg), sizeof(*seg));
		if (seg && seg->p_type == PT_NOTE)
			found = id_in_notes(image, seg->p_offset, seg->p_offset + seg->p_filesz,
					    hex);
	}
	return NULL;
}

const char *build_id_read(const char *path, char hex[BUILD_ID_ROOM])
{
	struct image image = { 0 };
	const char *why = map_file(path, &image);

	hex[0] = '\0';
	if (why)
		return why;
	why = id_in_image(&image, hex);
	munmap((void *)image.data, image.size);
	return why;
}
