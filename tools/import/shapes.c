/* SPDX-License-Identifier: BSD-2-Clause */
/* The shapes of an answer that are lines: blocks, a table, CSV. */
#include <string.h>

#include "record.h"

/* Bytes: each column looks at the whole line, since columns are counted in characters */
#define TABLE_LINE_MAX 2048u

static bool block_line(struct record *r, const struct text *t, unsigned line, struct trouble *bad)
{
	const char *at = t->line[line - 1] + strspn(t->line[line - 1], " \t");
	const char *colon = strchr(at, ':');
	g_autofree char *key = colon ? g_strndup(at, (size_t)(colon - at)) : NULL;

	if (!colon)
		return trouble_at(bad, t->file, line, "'%s' is not KEY: VALUE", at);
	return record_put(r, key, g_strstrip(g_strdup(colon + 1)), line, bad);
}

/* Blocks: a line that is not indented begins one, unless it is KEY: VALUE itself */
static bool read_blocks(GPtrArray *all, const struct text *t, unsigned from, unsigned to,
			struct trouble *bad)
{
	struct record *r = NULL;
	bool ended = false;

	for (unsigned i = from; i < to; i++) {
		const char *line = t->line[i - 1];
		bool title = !strchr(" \t", *line) && !strchr(line, ':');

		if (text_blank(line)) {
			ended = true;
			continue;
		}
		if (title || !r || (ended && record_find(r, "name"))) {
			r = record_new(t, i);
			g_ptr_array_add(all, r);
		}
		ended = false;
		if (!title && !block_line(r, t, i, bad))
			return false;
	}
	return true;
}

/* Part of a line: columns are counted in characters */
static char *cell(const char *line, glong from, glong to)
{
	glong n = g_utf8_strlen(line, -1);

	from = MIN(from, n);
	to = to < 0 ? n : MIN(to, n);
	return g_strstrip(g_utf8_substring(line, from, to));
}

/* A row of a table. @rule: the dashes, all of which are one byte */
static bool table_row(struct record *r, const struct text *t, unsigned line, const char *head,
		      const char *rule, struct trouble *bad)
{
	const char *text = t->line[line - 1];
	glong at = 0;

	if (strlen(text) > TABLE_LINE_MAX || strlen(rule) > TABLE_LINE_MAX)
		return trouble_at(bad, t->file, line, "is too long for a row of a table");
	while (rule[at]) {
		glong n = (glong)strspn(rule + at, "-"), gap = (glong)strspn(rule + at + n, " ");
		glong end = rule[at + n + gap] ? at + n : -1;
		g_autofree char *key = cell(head, at, end);
		g_autofree char *between = end < 0 ? NULL : cell(text, end, end + gap);

		if (between && *between)
			return trouble_at(bad, t->file, line, "'%s' stands between two columns",
					  between);
		if (!record_put(r, key, cell(text, at, end), line, bad))
			return false;
		at += n + gap;
	}
	return true;
}

static bool is_rule(const char *line)
{
	return *line == '-' && line[strspn(line, "- ")] == 0;
}

static bool read_table(GPtrArray *all, const struct text *t, unsigned from, unsigned to,
		       struct trouble *bad)
{
	g_autofree char *rule = g_strchomp(g_strdup(t->line[from]));

	for (unsigned i = from + 2; i < to; i++) {
		if (text_blank(t->line[i - 1]))
			continue;
		g_ptr_array_add(all, record_new(t, i));
		if (!table_row(all->pdata[all->len - 1], t, i, t->line[from - 1], rule, bad))
			return false;
	}
	return true;
}

/* The next cell of a line of CSV. Return: where the line goes on, NULL: a quote is not closed */
static const char *csv_cell(const char *at, char **value)
{
	GString *to = g_string_new(NULL);
	bool quote = *at == '"';

	for (at += quote; *at && (quote || *at != ','); at++) {
		if (quote && *at == '"' && at[1] != '"')
			quote = false;
		else
			g_string_append_c(to, *(at += quote && *at == '"'));
	}
	*value = g_string_free(to, FALSE);
	return quote ? NULL : *at ? at + 1 : at;
}

static GPtrArray *csv_line(const struct text *t, unsigned line, struct trouble *bad)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	const char *at = t->line[line - 1];

	while (at && *at) {
		char *value;

		at = csv_cell(at, &value);
		g_ptr_array_add(cells, value);
	}
	if (!at) {
		trouble_at(bad, t->file, line, "a quote is not closed");
		return NULL;
	}
	return g_steal_pointer(&cells);
}

static bool csv_row(struct record *r, const struct text *t, unsigned line, const GPtrArray *head,
		    struct trouble *bad)
{
	g_autoptr(GPtrArray) cells = csv_line(t, line, bad);

	if (!cells)
		return false;
	if (cells->len != head->len)
		return trouble_at(bad, t->file, line, "has %u values for %u columns", cells->len,
				  head->len);
	for (unsigned i = 0; i < head->len; i++)
		if (!record_put(r, head->pdata[i], g_strdup(cells->pdata[i]), line, bad))
			return false;
	return true;
}

static bool read_csv(GPtrArray *all, const struct text *t, unsigned from, unsigned to,
		     struct trouble *bad)
{
	g_autoptr(GPtrArray) head = csv_line(t, from, bad);

	for (unsigned i = from + 1; head && i < to; i++) {
		if (text_blank(t->line[i - 1]))
			continue;
		g_ptr_array_add(all, record_new(t, i));
		if (!csv_row(all->pdata[all->len - 1], t, i, head, bad))
			return false;
	}
	return head;
}

/* Does a line name the columns of CSV? Keys of csv have no blanks in them */
static bool is_csv(const char *line)
{
	return strchr(line, ',') &&
	       line[strspn(line, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ",")] == 0;
}

GPtrArray *records_read(const struct text *t, unsigned from, unsigned to, struct trouble *bad)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(record_free);
	const char *first;
	bool ok;

	while (from < to && text_blank(t->line[from - 1]))
		from++;
	if (from == to)
		return g_steal_pointer(&all);
	first = t->line[from - 1];
	if (strchr("[{", *first))
		return records_json(t, from, to, bad);
	if (is_csv(first))
		ok = read_csv(all, t, from, to, bad);
	else if (from + 1 < to && is_rule(t->line[from]))
		ok = read_table(all, t, from, to, bad);
	else
		ok = read_blocks(all, t, from, to, bad);
	return ok ? g_steal_pointer(&all) : NULL;
}
