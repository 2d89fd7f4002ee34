/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What "esxcfg-vswitch -l" prints.
 *
 * DOC: Theory of Operation
 *
 * A line of headings, then a line of a switch; indented, headings and lines of its port groups,
 * or of the ports of a distributed one. A name that is too long for its column pushes the others
 * to the right, and names may have blanks in them; so a line is read from its end: uplinks, which
 * are one word that is no number, or missing; then as many numbers as there are headings for them.
 */
#include <string.h>

#include "host.h"

/* struct row - @number: the last @n numbers, in order; @uplinks may be NULL */
struct row {
	char *name, *uplinks;
	gint64 number[4];
};

static bool digits(const char *word)
{
	return *word && word[strspn(word, G_CSET_DIGITS)] == 0;
}

/* Cut the last word off. Return: it, or NULL */
static char *last_word(char *line)
{
	char *blank = strrchr(g_strchomp(line), ' ');
	char *word = blank ? g_strdup(blank + 1) : NULL;

	if (blank)
		*blank = 0;
	return word;
}

static void clear_row(struct row *row)
{
	g_free(row->name);
	g_free(row->uplinks);
}

static bool read_row(struct row *row, const struct text *t, unsigned line, unsigned n,
		     struct trouble *bad)
{
	g_autofree char *rest = g_strstrip(g_strdup(t->line[line - 1])), *word = last_word(rest);

	*row = (struct row) { 0 };
	if (word && !digits(word)) {
		row->uplinks = g_steal_pointer(&word);
		word = last_word(rest);
	}
	for (unsigned i = n; i--;) {
		if (!word ||
		    !g_ascii_string_to_signed(word, 10, 0, G_MAXINT32, &row->number[i], NULL))
			return trouble_at(bad, t->file, line, "a name and %u numbers are wanted",
					  n);
		g_free(word);
		word = i ? last_word(rest) : NULL;
	}
	row->name = g_strdup(g_strstrip(rest));
	return *row->name ? true : trouble_at(bad, t->file, line, "the name is missing");
}

static GPtrArray *words(const char *list)
{
	const struct field f = { .text = (char *)(list ? list : "") };

	return record_list(&f);
}

static struct vswitch *take_switch(struct host *h, const struct text *t, unsigned line,
				   const char *heading, struct trouble *bad)
{
	bool full = strstr(heading, "Configured Ports");
	struct vswitch *s = NULL;
	struct row row;

	if (read_row(&row, t, line, full ? 4 : 2, bad)) {
		s = host_switch(h, row.name, t->file, line);
		s->described = true;
		s->distributed = g_str_has_prefix(heading, "DVS");
		if (full && row.number[3] >= 68 && row.number[3] <= 65535)
			s->mtu = (int)row.number[3];
		else if (full)
			trouble_at(bad, t->file, line, "MTU: no number from 68 to 65535");
		g_ptr_array_unref(s->uplinks);
		s->uplinks = words(row.uplinks);
	}
	clear_row(&row);
	return bad->text ? NULL : s;
}

static bool take_group(struct host *h, const struct text *t, unsigned line, const struct vswitch *s,
		       struct trouble *bad)
{
	struct row row;
	struct group *g;

	if (read_row(&row, t, line, 2, bad) && row.number[0] > 4095)
		trouble_at(bad, t->file, line, "VLAN ID: no number from 0 to 4095");
	if (!bad->text) {
		g = host_group(h, row.name, t->file, line);
		g->described = true;
		g->vlan = (int)row.number[0];
		g_free(g->switch_name);
		g->switch_name = g_strdup(s->name);
	}
	clear_row(&row);
	return !bad->text;
}

bool esxcfg_read(struct host *h, const struct text *t, const struct section *section,
		 struct trouble *bad)
{
	const char *heading = NULL;
	struct vswitch *s = NULL;
	bool groups = false;

	for (unsigned i = section->from;
	     i < section->to && !bad->text && !host_full(h, t->file, i, bad); i++) {
		const char *line = t->line[i - 1];

		if (text_blank(line))
			continue;
		if (g_str_has_prefix(line, "Switch Name ") || g_str_has_prefix(line, "DVS Name ")) {
			heading = line;
			s = NULL;
		} else if (g_str_has_prefix(line, "  PortGroup Name ")) {
			groups = true;
		} else if (g_str_has_prefix(line, "  DVPort ID ")) {
			groups = false;
		} else if (!heading || (*line == ' ' && !s)) {
			trouble_at(bad, t->file, i, "stands before 'Switch Name' and its switch");
		} else if (*line != ' ') {
			s = take_switch(h, t, i, heading, bad);
		} else if (groups) {
			take_group(h, t, i, s, bad);
		}
	}
	if (!heading)
		trouble_at(bad, t->file, section->line, "the command has no answer");
	return !bad->text;
}
