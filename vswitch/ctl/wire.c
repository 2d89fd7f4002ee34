/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection to a control socket (wire.h has the theory). */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

struct wire {
	int fd, passed; /* @passed: came with an answer, or -1 */
	GString *in;
	gsize seen; /* bytes of @in that have no end of line */
	GQueue events;
	bool daemon;
	char *name; /* of the one switch */
};

char *wire_path(const char *given)
{
	const char *user = g_getenv("XDG_RUNTIME_DIR");

	if (given)
		return g_strdup(given);
	return g_build_filename(user && *user ? user : "/run", "vchassis", "control.sock", NULL);
}

static int fail(int *status, int with, char **err, const char *format, ...) G_GNUC_PRINTF(4, 5);

static int fail(int *status, int with, char **err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*err = g_strdup_vprintf(format, ap);
	va_end(ap);
	*status = with;
	return -1;
}

static int dial(const char *path, int *status, char **err)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(un.sun_path))
		return fail(status, EX_USAGE, err, "%s: path is too long for a socket (107 bytes)",
			    path);
	strcpy(un.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	fail(status, errno == EACCES || errno == EPERM ? EX_NOPERM : EX_UNAVAILABLE, err,
	     "%s: %s; is vswitchd running? --socket PATH names another socket, that of a "
	     "vc-switch in QEMU, too",
	     path, g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void take_fd(struct wire *w, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(int)))
		return;
	if (w->passed >= 0)
		close(w->passed);
	memcpy(&w->passed, CMSG_DATA(c), sizeof(int));
}

/* Read what is there. Return: bytes; 0 or less: it is over */
static ssize_t read_some(struct wire *w)
{
	char buf[65536];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	ssize_t n;

	do
		n = recvmsg(w->fd, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		take_fd(w, &msg);
		g_string_append_len(w->in, buf, n);
	}
	return n;
}

/* The next line, taken out of the buffer; NULL at the end of the connection */
static char *next_line(struct wire *w, int *status, char **err)
{
	for (;;) {
		char *end = memchr(w->in->str + w->seen, '\n', w->in->len - w->seen);
		ssize_t n;

		if (end) {
			gsize len = (gsize)(end - w->in->str);
			char *line = g_strndup(w->in->str, len);

			g_string_erase(w->in, 0, (gssize)len + 1);
			w->seen = 0;
			return line;
		}
		w->seen = w->in->len;
		n = w->in->len < WIRE_LINE_MAX ? read_some(w) : 0;
		if (n > 0)
			continue;
		fail(status, EX_IOERR, err, "the connection ended: %s",
		     n < 0 ? g_strerror(errno) : "the other side closed it");
		return NULL;
	}
}

/* The next message, an object */
static json_t *next(struct wire *w, int *status, char **err)
{
	g_autofree char *line = next_line(w, status, err);
	json_error_t e;
	json_t *j;

	if (!line)
		return NULL;
	j = json_loads(line, 0, &e);
	if (json_is_object(j))
		return j;
	json_decref(j);
	fail(status, EX_PROTOCOL, err, "what answers does not speak QMP's dialect: '%.40s'", line);
	return NULL;
}

static int read_greeting(struct wire *w, int *status, char **err)
{
	json_t *j = next(w, status, err), *version;
	const char *package, *name;

	if (!j)
		return -1;
	version = json_object_get(json_object_get(j, "QMP"), "version");
	package = json_string_value(json_object_get(version, "package"));
	name = json_string_value(json_object_get(version, "switch"));
	w->daemon = package && !strcmp(package, "vswitchd");
	w->name = g_strdup(name ? name : "");
	json_decref(j);
	if (w->daemon || name)
		return 0;
	return fail(status, EX_PROTOCOL, err, "what answers is no switch of vchassis: '%.40s'",
		    package ? package : "");
}

struct wire *wire_new(const char *path, int *status, char **err)
{
	int fd = dial(path, status, err);
	struct wire *w;
	char *why;

	if (fd < 0)
		return NULL;
	w = g_new0(struct wire, 1);
	w->fd = fd;
	w->passed = -1;
	w->in = g_string_new(NULL);
	g_queue_init(&w->events);
	if (read_greeting(w, status, &why) == 0)
		return w;
	*err = g_strdup_printf("%s: %s", path, why);
	g_free(why);
	wire_free(w);
	return NULL;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	close(w->fd);
	if (w->passed >= 0)
		close(w->passed);
	g_string_free(w->in, TRUE);
	g_queue_clear_full(&w->events, (GDestroyNotify)json_decref);
	g_free(w->name);
	g_free(w);
}

bool wire_is_daemon(const struct wire *w)
{
	return w->daemon;
}

const char *wire_switch(const struct wire *w)
{
	return w->name;
}

int wire_fd(struct wire *w)
{
	int fd = w->passed;

	w->passed = -1;
	return fd;
}

static int put(struct wire *w, const char *text, size_t len, int *status, char **err)
{
	while (len) {
		ssize_t n = send(w->fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(status, EX_IOERR, err, "the connection ended: %s",
				    g_strerror(errno));
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int request(struct wire *w, const char *command, json_t *args, int *status, char **err)
{
	json_t *j = json_pack("{s:s,s:o}", "execute", command, "arguments",
			      args ? args : json_object());
	g_autofree char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;
	int ret = text ? put(w, text, strlen(text), status, err) :
			 fail(status, EX_DATAERR, err, "an argument is not UTF-8");

	json_decref(j);
	return ret;
}

/* What an answer returns; an error is told */
static json_t *result(json_t *answer, int *status, char **err)
{
	json_t *ret = json_incref(json_object_get(answer, "return"));
	const json_t *error = json_object_get(answer, "error");
	const char *desc = json_string_value(json_object_get(error, "desc"));

	if (!ret)
		fail(status, error ? 1 : EX_PROTOCOL, err, "%s",
		     desc ? desc : "an answer has neither 'return' nor 'error'");
	json_decref(answer);
	return ret;
}

json_t *wire_ask(struct wire *w, const char *command, json_t *args, int *status, char **err)
{
	json_t *j;

	if (request(w, command, args, status, err) < 0)
		return NULL;
	for (;;) {
		j = next(w, status, err);
		if (!j)
			return NULL;
		if (!json_object_get(j, "event"))
			break;
		g_queue_push_tail(&w->events, j);
	}
	return result(j, status, err);
}

json_t *wire_event(struct wire *w, int *status, char **err)
{
	json_t *j = g_queue_pop_head(&w->events);

	while (!j) {
		j = next(w, status, err);
		if (!j)
			return NULL;
		if (!json_object_get(j, "event")) {
			json_decref(j);
			j = NULL;
		}
	}
	return j;
}
