/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a folder (output.h). */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct output *output_new(void)
{
	struct output *o = g_new(struct output, 1);

	o->names = g_ptr_array_new_with_free_func(g_free);
	o->texts = g_ptr_array_new_with_free_func(g_free);
	return o;
}

void output_free(struct output *o)
{
	g_ptr_array_unref(o->names);
	g_ptr_array_unref(o->texts);
	g_free(o);
}

void output_add(struct output *o, char *name, char *text)
{
	g_ptr_array_add(o->names, name);
	g_ptr_array_add(o->texts, text);
}

static bool write_file(const char *path, const char *text)
{
	mode_t mode = g_str_has_suffix(path, ".sh") ? 0777 : 0666;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	size_t left = strlen(text);

	while (fd >= 0 && left) {
		ssize_t n = write(fd, text, left);

		if (n < 0)
			break;
		text += n;
		left -= (size_t)n;
	}
	if (fd < 0 || left) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	return close(fd) == 0;
}

static bool write_all(const struct output *o, const char *folder)
{
	for (unsigned i = 0; i < o->names->len; i++) {
		g_autofree char *path = g_build_filename(folder, o->names->pdata[i], NULL);

		if (!write_file(path, o->texts->pdata[i]))
			return false;
	}
	return true;
}

static void remove_all(const struct output *o, const char *folder)
{
	for (unsigned i = 0; i < o->names->len; i++) {
		g_autofree char *path = g_build_filename(folder, o->names->pdata[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

char *output_write(const struct output *o, const char *folder)
{
	g_autofree char *plain = g_strdup(folder), *beside = NULL;
	char *wrong = NULL;

	while (strlen(plain) > 1 && g_str_has_suffix(plain, "/"))
		plain[strlen(plain) - 1] = 0;
	if (g_file_test(plain, G_FILE_TEST_EXISTS))
		return g_strdup_printf("%s is there already; --output wants a new folder", plain);
	beside = g_strdup_printf("%s.XXXXXX", plain);
	if (!g_mkdtemp_full(beside, 0777))
		return g_strdup_printf("%s: %s", beside, g_strerror(errno));
	if (!write_all(o, beside) || g_rename(beside, plain) < 0) {
		wrong = g_strdup_printf("%s: %s", beside, g_strerror(errno));
		remove_all(o, beside);
	}
	return wrong;
}
