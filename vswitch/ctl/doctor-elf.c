/* SPDX-License-Identifier: BSD-2-Clause */
/* What the plug-in needs of a program's file: exported symbols, and a build-id. */
#include <elf.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* struct image - a file in memory, and the headers of its sections */
struct image {
	const char *p;
	gsize len;
	Elf64_Ehdr head;
};

/* Copy @size bytes at @at. False: they are not in the file */
static bool get(const struct image *m, guint64 at, void *to, gsize size)
{
	if (at > m->len || size > m->len - at)
		return false;
	memcpy(to, m->p + at, size);
	return true;
}

static bool section(const struct image *m, guint n, Elf64_Shdr *s)
{
	guint64 from = (guint64)n * sizeof(*s);

	return n < m->head.e_shnum && m->head.e_shoff <= m->len - MIN(from, m->len) &&
	       get(m, m->head.e_shoff + from, s, sizeof(*s));
}

static bool open_image(struct image *m)
{
	static const unsigned char order =
		G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

	return get(m, 0, &m->head, sizeof(m->head)) && !memcmp(m->head.e_ident, ELFMAG, SELFMAG) &&
	       m->head.e_ident[EI_CLASS] == ELFCLASS64 && m->head.e_ident[EI_DATA] == order &&
	       m->head.e_shentsize == sizeof(Elf64_Shdr);
}

/* Is a symbol of that name defined? @names: the section with the names */
static bool is_symbol(const struct image *m, const Elf64_Shdr *names, const Elf64_Sym *sym,
		      const char *name)
{
	gsize size = strlen(name) + 1;
	char text[64];

	return sym->st_shndx != SHN_UNDEF && sym->st_name < names->sh_size &&
	       names->sh_offset <= m->len &&
	       get(m, names->sh_offset + sym->st_name, text, MIN(size, sizeof(text))) &&
	       !memcmp(text, name, size);
}

static bool exports(const struct image *m, const char *name)
{
	Elf64_Shdr s, names;
	Elf64_Sym sym;

	for (guint n = 0; section(m, n, &s); n++) {
		if (s.sh_type != SHT_DYNSYM || !section(m, s.sh_link, &names))
			continue;
		for (guint64 at = 0; at + sizeof(sym) <= MIN(s.sh_size, m->len); at += sizeof(sym))
			if (s.sh_offset <= m->len && get(m, s.sh_offset + at, &sym, sizeof(sym)) &&
			    is_symbol(m, &names, &sym, name))
				return true;
	}
	return false;
}

/* The build-id of one section of notes, which the linker gives a section of its own */
static bool note(const struct image *m, const Elf64_Shdr *s, char *id, gsize size)
{
	guint8 bytes[20];
	Elf64_Nhdr h;
	char name[4];

	if (s->sh_offset > m->len || !get(m, s->sh_offset, &h, sizeof(h)) ||
	    h.n_namesz != sizeof(name) || h.n_type != NT_GNU_BUILD_ID || !h.n_descsz ||
	    h.n_descsz > sizeof(bytes) || !get(m, s->sh_offset + sizeof(h), name, sizeof(name)) ||
	    memcmp(name, "GNU", sizeof(name)) ||
	    !get(m, s->sh_offset + sizeof(h) + sizeof(name), bytes, h.n_descsz))
		return false;
	for (guint i = 0; i < h.n_descsz && 2 * i + 2 < size; i++)
		snprintf(id + 2 * (gsize)i, 3, "%02x", bytes[i]);
	return true;
}

static void find_build_id(const struct image *m, char *id, gsize size)
{
	Elf64_Shdr s;

	for (guint n = 0; section(m, n, &s); n++)
		if (s.sh_type == SHT_NOTE && note(m, &s, id, size))
			return;
}

static const char *read_image(struct image *m, struct doctor_elf *elf)
{
	if (!open_image(m))
		return "its file is no program of this machine's kind";
	find_build_id(m, elf->build_id, sizeof(elf->build_id));
	if (!exports(m, "register_module_init"))
		return "it exports no symbols: built without --enable-modules";
	if (!exports(m, "pci_register_bar"))
		return "it has no PCI bus";
	return *elf->build_id ? NULL : "it has no build-id";
}

/*
 * The program that a script of the same name runs: the first path in it that ends with the name.
 * NULL: there is none.
 */
static char *behind(const struct image *m, const char *path)
{
	static const char of_path[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
	g_autofree char *script = g_strndup(m->p, m->len), *name = g_path_get_basename(path);

	for (char *s = script; (s = strchr(s, '/')); s += strspn(s, of_path)) {
		g_autofree char *word = g_strndup(s, strspn(s, of_path));
		g_autofree char *last = g_path_get_basename(word);

		if (!strcmp(last, name) && strcmp(word, path) && access(word, X_OK) == 0)
			return g_steal_pointer(&word);
	}
	return NULL;
}

/* Return: what is to be read instead of a script, or NULL */
static char *read_file(const char *path, struct doctor_elf *elf)
{
	GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
	struct image m = { .p = file ? g_mapped_file_get_contents(file) : NULL,
			   .len = file ? g_mapped_file_get_length(file) : 0 };
	char *program = NULL;

	if (!m.p) {
		elf->why_not = "its file cannot be read";
	} else if (m.len > 2 && !memcmp(m.p, "#!", 2)) {
		elf->why_not = "it is a script, which names no program of its name";
		program = behind(&m, path);
	} else {
		elf->why_not = read_image(&m, elf);
	}
	g_clear_pointer(&file, g_mapped_file_unref);
	return program;
}

void doctor_elf_read(const char *path, struct doctor_elf *elf)
{
	g_autofree char *program = NULL;

	*elf = (struct doctor_elf) { .why_not = NULL };
	program = read_file(path, elf);
	if (program)
		g_free(read_file(program, elf));
}
