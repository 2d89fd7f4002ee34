/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a file, its encoding, its lines (text.h has the theory). */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static unsigned line_at(const char *bytes, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

/* What the first line says of the others: .encoding = "NAME"; or NULL */
static char *said_encoding(const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	size_t n = end ? (size_t)(end - bytes) : len;
	g_autofree char *line = g_strndup(bytes, n);
	g_auto(GStrv) part = g_strsplit(line, "\"", 3);

	if (g_strv_length(part) < 3)
		return NULL;
	g_strdelimit(part[0], " \t=", ' ');
	return g_ascii_strcasecmp(g_strstrip(part[0]), ".encoding") ? NULL : g_strdup(part[1]);
}

static bool sound_name(const char *name)
{
	return *name && strlen(name) <= 32 &&
	       strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.:") == strlen(name);
}

static bool check_utf8(struct text *t, size_t len, struct trouble *bad)
{
	const char *end;

	if (memchr(t->bytes, 0, len))
		return trouble_at(bad, t->file, line_at(t->bytes, strlen(t->bytes)),
				  "has a zero byte: it is no text");
	if (!g_utf8_validate(t->bytes, (gssize)len, &end))
		return trouble_at(bad, t->file, line_at(t->bytes, (size_t)(end - t->bytes)),
				  "is not UTF-8 here, and the first line names no other encoding");
	return true;
}

static bool convert(struct text *t, const char *bytes, size_t len, const char *from, size_t *out,
		    struct trouble *bad)
{
	g_autofree char *nothing = NULL;
	size_t read = 0;

	if (!sound_name(from))
		return trouble_at(bad, t->file, 1, "'%s' is no encoding", from);
	t->bytes = g_convert(bytes, (gssize)len, "UTF-8", from, &read, out, NULL);
	if (t->bytes)
		return true;
	nothing = g_convert("", 0, "UTF-8", from, NULL, NULL, NULL);
	return nothing ? trouble_at(bad, t->file, line_at(bytes, MIN(read, len)),
				    "is not in the encoding that it claims, '%s'", from) :
			 trouble_at(bad, t->file, 1, "the encoding '%s' is not known here", from);
}

static void split(struct text *t)
{
	GPtrArray *lines = g_ptr_array_new();
	char *at = t->bytes;

	while (*at) {
		size_t n = strcspn(at, "\n");
		bool last = !at[n];

		at[n] = 0;
		if (n && at[n - 1] == '\r')
			at[n - 1] = 0;
		g_ptr_array_add(lines, at);
		at += last ? n : n + 1;
	}
	t->n = lines->len;
	g_ptr_array_add(lines, NULL);
	t->line = (char **)g_ptr_array_free(lines, FALSE);
}

bool text_take(struct text *t, const char *file, const char *bytes, size_t len, struct trouble *bad)
{
	g_autofree char *encoding = NULL;

	*t = (struct text) { .file = g_strdup(file) };
	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		bytes += 3, len -= 3;
	if (len > TEXT_MAX)
		return trouble_at(bad, file, 0, "has more than %u bytes", TEXT_MAX);
	encoding = said_encoding(bytes, len);
	if (encoding && g_ascii_strcasecmp(encoding, "UTF-8")) {
		if (!convert(t, bytes, len, encoding, &len, bad))
			return false;
	} else {
		t->bytes = g_malloc(len + 1);
		memcpy(t->bytes, bytes, len);
		t->bytes[len] = 0;
	}
	if (!check_utf8(t, len, bad))
		return false;
	split(t);
	return true;
}

bool text_load(struct text *t, const char *path, struct trouble *bad)
{
	g_autofree char *bytes = g_malloc(TEXT_MAX + 4);
	FILE *f = fopen(path, "re");
	size_t len;

	*t = (struct text) { .file = g_strdup(path) };
	if (!f)
		return trouble_at(bad, path, 0, "%s", g_strerror(errno));
	len = fread(bytes, 1, TEXT_MAX + 4, f);
	if (ferror(f)) {
		trouble_at(bad, path, 0, "%s", g_strerror(errno));
		fclose(f);
		return false;
	}
	fclose(f);
	g_free(t->file);
	return text_take(t, path, bytes, len, bad);
}

void text_clear(struct text *t)
{
	g_free(t->file);
	g_free(t->bytes);
	g_free(t->line);
	*t = (struct text) { 0 };
}

bool text_blank(const char *line)
{
	return line[strspn(line, " \t")] == 0;
}
