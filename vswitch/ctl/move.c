/* SPDX-License-Identifier: BSD-2-Clause */
/* "port export" and "port import": the state of a port in a file (move.h). */
#include "move.h"

#include <stdio.h>
#include <string.h>

#define STATE_MAX (1 << 20) /* more does not fit into a request */

static int write_state(const char *path, const char *text)
{
	g_autoptr(GError) error = NULL;
	gsize len;
	g_autofree guchar *bytes = g_base64_decode(text, &len);

	if (!g_file_set_contents(path, (const char *)bytes, (gssize)len, &error))
		return ctl_fail(EX_CANTCREAT, "%s", error->message);
	return EX_OK;
}

int move_export(struct ctl *c)
{
	int status;
	json_t *answer = ctl_ask(c, c->word->command,
				 json_pack("{s:s}", "port", ctl_arg(c, "PORT")), &status);
	const char *text = json_string_value(json_object_get(answer, "state"));

	if (!answer)
		return status;
	if (json_is_false(json_object_get(answer, "complete")))
		ctl_fail(EX_OK, "warning: some frames that wait for the port do not fit");
	if (!text)
		status = ctl_fail(EX_PROTOCOL, "the answer has no state");
	else if (c->file && strcmp(c->file, "-"))
		status = write_state(c->file, text);
	else if (c->json)
		status = ctl_print(c, answer);
	else
		status = printf("%s\n", text) < 0 ? EX_IOERR : ctl_flush();
	json_decref(answer);
	return status;
}

/* What is in a file, as base64: bytes, or what "port export" prints; NULL, and the error is told */
static char *read_state(const char *path, int *status)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &bytes, &len, &error)) {
		*status = ctl_fail(EX_NOINPUT, "%s", error->message);
		return NULL;
	}
	if (len > STATE_MAX) {
		*status = ctl_fail(EX_DATAERR, "%s: longer than the state of a port can be", path);
		return NULL;
	}
	if (len >= 4 && !memcmp(bytes, "vsw\1", 4))
		return g_base64_encode((const guchar *)bytes, len);
	g_strstrip(bytes);
	if (*bytes && g_str_is_ascii(bytes))
		return g_steal_pointer(&bytes);
	*status = ctl_fail(EX_DATAERR, "%s: not the state of a port", path);
	return NULL;
}

int move_import(struct ctl *c)
{
	int status;
	g_autofree char *text = read_state(ctl_arg(c, "FILE"), &status);
	json_t *answer;

	if (!text)
		return status;
	answer =
		ctl_ask(c, c->word->command,
			json_pack("{s:s,s:s}", "port", ctl_arg(c, "PORT"), "state", text), &status);
	json_decref(answer);
	return status;
}
