/* SPDX-License-Identifier: BSD-2-Clause */
/* From a request to its answer: a command is carried out at once, its answer written in pieces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/capture.h"
#include "control/change.h"
#include "control/look.h"
#include "control/query.h"
#include "control/writer.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"

/*
 * struct vsw_answer - an answer being written
 * @call:    The command; its arguments are in @request
 * @request: As it was read, or NULL if it could not be
 * @tree:    {"return": ...} or {"error": ...}, with the request's id
 * @text:    What is written and not yet read
 */
struct vsw_answer {
	struct vsw_call call;
	json_t *request, *no_args, *tree;
	struct vsw_writer writer;
	struct vsw_buffer text;
	int fd; /* passed with it, or -1 */
	char err[300];
};

static const struct vsw_command *find_in(const struct vsw_command *list, const char *name)
{
	for (; list->name; list++)
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

static const struct vsw_command *find(const char *name)
{
	const struct vsw_command *c = find_in(vsw_change_commands, name);

	c = c ? c : find_in(vsw_look_commands, name);
	c = c ? c : find_in(vsw_capture_commands, name);
	return c ? c : find_in(vsw_query_commands, name);
}

/* The next name of a command's list "a b? c". Return its length, without the ?; 0 at the end */
static size_t next_name(const char **list, const char **name, bool *optional)
{
	size_t len = strcspn(*list, " ");

	*name = *list;
	*list += len + strspn(*list + len, " ");
	*optional = len && (*name)[len - 1] == '?';
	return len - *optional;
}

static bool takes(const char *list, const char *key)
{
	const char *name;
	bool optional;
	size_t len;

	while ((len = next_name(&list, &name, &optional)))
		if (strlen(key) == len && !memcmp(key, name, len))
			return true;
	return false;
}

int vsw_arguments_check(const char *command, const char *names, const json_t *args, char *err,
			size_t errlen)
{
	const char *list = names, *name, *key;
	char want[40];
	bool optional;
	size_t len;
	json_t *v;

	json_object_foreach((json_t *)args, key, v)
		if (!takes(names, key))
			return vsw_fail(err, errlen, "%s: no argument '%s'", command, key);
	while ((len = next_name(&list, &name, &optional))) {
		snprintf(want, sizeof(want), "%.*s", (int)len, name);
		if (!optional && !json_object_get(args, want))
			return vsw_fail(err, errlen, "%s: argument '%s' is missing", command, want);
	}
	return 0;
}

static json_t *run(struct vsw_call *call, const json_t *request, const char **class)
{
	const json_t *name = json_object_get(request, "execute"),
		     *args = json_object_get(request, "arguments");
	const struct vsw_command *c;

	if (!json_is_string(name) || (args && !json_is_object(args))) {
		vsw_fail(call->err, call->errlen,
			 "a command is an object with 'execute' and, if it has any, 'arguments'");
		return NULL;
	}
	c = find(json_string_value(name));
	if (!c) {
		*class = "CommandNotFound";
		vsw_fail(call->err, call->errlen, "The command %.80s has not been found",
			 json_string_value(name));
		return NULL;
	}
	call->args = args ? args : call->args;
	return vsw_arguments_check(c->name, c->args, call->args, call->err, call->errlen) == 0 ?
		       c->run(call) :
		       NULL;
}

static bool refill(void *opaque, json_t *list)
{
	struct vsw_answer *a = opaque;

	return a->call.more(&a->call, list);
}

static struct vsw_answer *answer_new(void)
{
	struct vsw_answer *a = calloc(1, sizeof(*a));

	if (a)
		a->fd = -1;
	return a;
}

/* Its tree: {"return": @ret}, or without one the error that @a has; NULL without memory */
static struct vsw_answer *answer_tree(struct vsw_answer *a, const json_t *request, json_t *ret,
				      const char *class)
{
	json_t *id = json_object_get(request, "id");

	/* a message may quote a part of the request, cut in the middle of a character */
	vsw_text_clean(a->err);
	a->tree = ret ? json_pack("{s:o}", "return", ret) :
			json_pack("{s:{s:s,s:s}}", "error", "class", class, "desc", a->err);
	if (!a->tree) {
		vsw_answer_free(a);
		return NULL;
	}
	if (id)
		json_object_set(a->tree, "id", id);
	vsw_writer_begin(&a->writer, a->tree);
	return a;
}

void vsw_answer_add(struct vsw_answer *a, const char *key, json_t *value)
{
	json_t *ret = a ? json_object_get(a->tree, "return") : NULL;

	if (json_is_object(ret))
		json_object_set_new(ret, key, value);
	else
		json_decref(value);
}

struct vsw_answer *vsw_answer_return(const json_t *request, json_t *ret, int fd)
{
	struct vsw_answer *a = answer_new();

	if (a) {
		a->fd = fd;
		return answer_tree(a, request, ret, NULL);
	}
	if (fd >= 0)
		close(fd);
	json_decref(ret);
	return NULL;
}

struct vsw_answer *vsw_answer_error(const json_t *request, const char *class, const char *desc)
{
	struct vsw_answer *a = answer_new();

	if (!a)
		return NULL;
	snprintf(a->err, sizeof(a->err), "%s", desc);
	return answer_tree(a, request, NULL, class);
}

int vsw_answer_fd(struct vsw_answer *a)
{
	int fd = a->fd;

	a->fd = -1;
	return fd;
}

struct vsw_answer *vsw_control_carry_out(struct vsw_control *ctl, json_t *request)
{
	const char *class = "GenericError";
	struct vsw_answer *a = answer_new();
	json_t *ret;

	if (!a)
		return NULL;
	snprintf(a->err, sizeof(a->err), "out of memory");
	a->request = json_incref(request);
	a->no_args = json_object();
	a->call = (struct vsw_call) {
		.ctl = ctl, .args = a->no_args, .err = a->err, .errlen = sizeof(a->err), .fd = -1
	};
	ret = run(&a->call, request, &class);
	a->fd = a->call.fd;
	a = answer_tree(a, request, ret, class);
	if (a && ret && a->call.more) { /* the list is empty yet */
		a->writer.open = ret;
		a->writer.refill = refill;
		a->writer.opaque = a;
	}
	return a;
}

json_t *vsw_request_parse(const char *text, size_t len, struct vsw_answer **wrong)
{
	json_error_t e = { .text = "the request is longer than 1 MiB" };
	json_t *request =
		len > VSW_DOCUMENT_MAX ? NULL : json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	char err[300];

	if (request)
		return request;
	snprintf(err, sizeof(err), "JSON parse error: %s", e.text);
	*wrong = vsw_answer_error(NULL, "GenericError", err);
	return NULL;
}

struct vsw_answer *vsw_control_begin(struct vsw_control *ctl, const char *text, size_t len)
{
	struct vsw_answer *a;
	json_t *request = vsw_request_parse(text, len, &a);

	if (!request)
		return a;
	a = vsw_control_carry_out(ctl, request);
	json_decref(request);
	return a;
}

enum vsw_answer_state vsw_answer_read(struct vsw_answer *a, char *buf, size_t room, size_t *n)
{
	bool more = true;

	if (a->text.len < room)
		more = vsw_writer_step(&a->writer, &a->text);
	*n = a->text.len < room ? a->text.len : room;
	memcpy(buf, a->text.s, *n);
	vsw_buffer_drop(&a->text, *n);
	if (a->text.broken)
		return VSW_ANSWER_BROKEN;
	return more || a->text.len ? VSW_ANSWER_MORE : VSW_ANSWER_COMPLETE;
}

void vsw_answer_free(struct vsw_answer *a)
{
	if (!a)
		return;
	json_decref(a->request);
	json_decref(a->no_args);
	json_decref(a->tree);
	if (a->fd >= 0)
		close(a->fd);
	free(a->text.s);
	free(a);
}

char *vsw_control_execute(struct vsw_control *ctl, const char *text, size_t len)
{
	struct vsw_answer *a = vsw_control_begin(ctl, text, len);
	char *out;

	if (!a)
		return NULL;
	while (vsw_writer_step(&a->writer, &a->text))
		;
	vsw_buffer_put(&a->text, "", 1);
	out = a->text.broken ? NULL : a->text.s;
	if (out)
		a->text.s = NULL;
	vsw_answer_free(a);
	return out;
}
