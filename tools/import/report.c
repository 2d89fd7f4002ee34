/* SPDX-License-Identifier: BSD-2-Clause */
/* The report (report.h). */
#include "report.h"

#include <string.h>

static void clear_note(gpointer p)
{
	g_free(((struct note *)p)->text);
}

static GArray *list(void)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct note));

	g_array_set_clear_func(all, clear_note);
	return all;
}

struct notes *notes_new(const GPtrArray *files)
{
	struct notes *n = g_new(struct notes, 1);

	*n = (struct notes) { list(), list(), files };
	return n;
}

void notes_free(struct notes *n)
{
	if (!n)
		return;
	g_array_unref(n->left);
	g_array_unref(n->decide);
	g_free(n);
}

static void G_GNUC_PRINTF(5, 0) add(const struct notes *n, GArray *to, const char *file,
				    unsigned line, const char *fmt, va_list args)
{
	g_autofree char *what = g_strdup_vprintf(fmt, args);
	struct note one = { 0, line, NULL };

	while (one.rank < n->files->len && strcmp(n->files->pdata[one.rank], file))
		one.rank++;
	one.text = g_strdup_printf("%s:%u: %s", file, line, g_strdelimit(what, "\r\n", ' '));
	g_array_append_val(to, one);
}

void notes_left(struct notes *n, const char *file, unsigned line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(n, n->left, file, line, fmt, args);
	va_end(args);
}

void notes_decide(struct notes *n, const char *file, unsigned line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(n, n->decide, file, line, fmt, args);
	va_end(args);
}

/* By input and line; what stands in one line stays as it is, since the sort is stable */
static gint compare(gconstpointer a, gconstpointer b)
{
	const struct note *one = a, *two = b;

	return one->rank != two->rank ? (one->rank > two->rank) - (one->rank < two->rank) :
					(one->line > two->line) - (one->line < two->line);
}

static void put(GString *to, const char *title, GArray *all)
{
	g_array_sort(all, compare);
	g_string_append_printf(to, "%s\n", title);
	for (unsigned i = 0; i < all->len; i++)
		g_string_append_printf(to, "%3u. %s\n", i + 1,
				       g_array_index(all, struct note, i).text);
	if (!all->len)
		g_string_append(to, "  nothing\n");
}

char *notes_text(struct notes *n)
{
	GString *to = g_string_new(NULL);

	put(to, "Not carried over:", n->left);
	put(to, "To decide:", n->decide);
	return g_string_free(to, FALSE);
}
