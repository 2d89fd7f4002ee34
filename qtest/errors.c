/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU says on its standard error; see errors.h. */
#include "qemu/osdep.h"
#include "errors.h"

static char *path, *argument;
static size_t taken;

static void remove_file(void)
{
	unlink(path);
}

const char *errors_apart(void)
{
	if (argument)
		return argument;
	path = g_strdup_printf("%s/qtest-errors-XXXXXX", g_get_tmp_dir());
	close(mkstemp(path));
	atexit(remove_file);
	argument = g_strdup_printf("2>>%s", path);
	return argument;
}

char *errors_take(void)
{
	char *text, *news;
	size_t len;

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	news = g_strdup(text + taken);
	taken = len;
	g_free(text);
	return news;
}
