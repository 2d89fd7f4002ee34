/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters for Prometheus over HTTP (exporter.h has the theory). */
#include "exporter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "handover.h"
#include "log.h"
#include "place.h"
#include "vswitch/accept.h"
#include "vswitch/fail.h"

/* #syscalls control recv send shutdown */

#define CLIENTS_MAX 8u
#define REQUEST_MAX 4096u
#define PATIENCE_S  5u
#define PAGE_US	    G_USEC_PER_SEC

/* struct exporter - a socket that listens; @page: as it was made at @made, or NULL */
struct exporter {
	struct daemon *d;
	char *address;
	struct vsw_endpoint at;
	int fd;
	struct vsw_acceptor *acceptor; /* NULL while as many clients are there as may be */
	GPtrArray *clients;
	GBytes *page;
	gint64 made;
};

/* struct client - one who asks: @io waits for its request, for room for the answer, for its end */
struct client {
	struct exporter *x;
	int fd;
	GSource *io, *late;
	char request[REQUEST_MAX + 1];
	size_t len, sent;
	GString *head;
	GBytes *body;
};

static void let_in(struct exporter *x);

static void drop(GSource **s)
{
	if (*s) {
		g_source_destroy(*s);
		g_source_unref(*s);
	}
	*s = NULL;
}

static void client_free(gpointer opaque)
{
	struct client *c = opaque;

	drop(&c->io);
	drop(&c->late);
	close(c->fd);
	g_string_free(c->head, TRUE);
	if (c->body)
		g_bytes_unref(c->body);
	g_free(c);
}

static gboolean done(struct client *c)
{
	struct exporter *x = c->x;

	g_ptr_array_remove_fast(x->clients, c);
	let_in(x);
	return G_SOURCE_REMOVE;
}

static gboolean on_late(gpointer opaque)
{
	return done(opaque);
}

static GSource *watch(struct client *c, GSource *s, GSourceFunc fn)
{
	g_source_set_callback(s, fn, c, NULL);
	g_source_attach(s, c->x->d->context);
	return s;
}

/* One more piece of head, then body. Return: 0: all is sent; else as send() */
static ssize_t send_some(struct client *c)
{
	gsize body_len = 0;
	const char *body = c->body ? g_bytes_get_data(c->body, &body_len) : NULL;
	size_t at = c->sent - MIN(c->sent, c->head->len);

	if (c->sent < c->head->len)
		return send(c->fd, c->head->str + c->sent, c->head->len - c->sent,
			    MSG_NOSIGNAL | MSG_MORE);
	return at < body_len ? send(c->fd, body + at, body_len - at, MSG_NOSIGNAL) : 0;
}

/* What a client still sends; to close before its end would take the answer from it */
static gboolean on_rest(gint fd, GIOCondition cond, gpointer opaque)
{
	struct client *c = opaque;
	ssize_t n = recv(fd, c->request, REQUEST_MAX, 0);

	return n > 0 || (n < 0 && errno == EAGAIN) ? G_SOURCE_CONTINUE : done(c);
}

static gboolean on_room(gint fd, GIOCondition cond, gpointer opaque)
{
	struct client *c = opaque;
	ssize_t n;

	while ((n = send_some(c)) > 0)
		c->sent += (size_t)n;
	if (n < 0)
		return errno == EAGAIN ? G_SOURCE_CONTINUE : done(c);
	shutdown(fd, SHUT_WR);
	drop(&c->io);
	c->io = watch(c, g_unix_fd_source_new(fd, G_IO_IN), G_SOURCE_FUNC(on_rest));
	return G_SOURCE_REMOVE;
}

static GBytes *page(struct exporter *x)
{
	gint64 now = g_get_monotonic_time();

	if (x->page && now - x->made < PAGE_US)
		return x->page;
	if (x->page)
		g_bytes_unref(x->page);
	x->page = vd_page(x->d);
	x->made = now;
	return x->page;
}

static void answer(struct client *c, const char *status, GBytes *body)
{
	g_string_printf(c->head,
			"HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
			"Content-Length: %zu\r\nConnection: close\r\n\r\n",
			status, g_bytes_get_size(body));
	c->body = g_bytes_ref(body);
	drop(&c->io);
	c->io = watch(c, g_unix_fd_source_new(c->fd, G_IO_OUT), G_SOURCE_FUNC(on_room));
}

static void refuse(struct client *c, const char *status, const char *text)
{
	GBytes *body = g_bytes_new(text, strlen(text));

	answer(c, status, body);
	g_bytes_unref(body);
}

/* The first line is what counts; the rest of a request asks for nothing that there is */
static void serve(struct client *c)
{
	g_auto(GStrv) word = g_strsplit_set(c->request, " \r\n", 4);
	GBytes *p;

	if (g_strv_length(word) < 4 || !g_str_has_prefix(word[2], "HTTP/1."))
		refuse(c, "400 Bad Request", "this is no request of HTTP/1\n");
	else if (strcmp(word[0], "GET"))
		refuse(c, "405 Method Not Allowed\r\nAllow: GET", "GET is all there is\n");
	else if (strcmp(word[1], "/metrics"))
		refuse(c, "404 Not Found", "counters are at /metrics\n");
	else if (!(p = page(c->x)))
		refuse(c, "503 Service Unavailable", "out of memory\n");
	else
		answer(c, "200 OK", p);
}

static gboolean on_request(gint fd, GIOCondition cond, gpointer opaque)
{
	struct client *c = opaque;
	ssize_t n = recv(fd, c->request + c->len, REQUEST_MAX - c->len, 0);

	if (n <= 0)
		return n < 0 && errno == EAGAIN ? G_SOURCE_CONTINUE : done(c);
	c->len += (size_t)n;
	if (memchr(c->request, 0, c->len))
		refuse(c, "400 Bad Request", "this is no request of HTTP/1\n");
	else if (strstr(c->request, "\r\n\r\n") || strstr(c->request, "\n\n"))
		serve(c);
	else if (c->len == REQUEST_MAX)
		refuse(c, "431 Request Header Fields Too Large", "the request is too long\n");
	else
		return G_SOURCE_CONTINUE;
	return G_SOURCE_REMOVE;
}

static void on_client(void *opaque, int fd)
{
	struct exporter *x = opaque;
	struct client *c = g_new0(struct client, 1);

	c->x = x;
	c->fd = fd;
	c->head = g_string_new(NULL);
	c->io = watch(c, g_unix_fd_source_new(fd, G_IO_IN), G_SOURCE_FUNC(on_request));
	c->late = watch(c, g_timeout_source_new_seconds(PATIENCE_S), on_late);
	g_ptr_array_add(x->clients, c);
	if (x->clients->len < CLIENTS_MAX)
		return;
	vsw_acceptor_free(x->acceptor);
	x->acceptor = NULL;
}

static void let_in(struct exporter *x)
{
	static const struct vsw_acceptor_ops ops = { .client = on_client };

	if (!x->acceptor)
		x->acceptor = vsw_acceptor_new(x->fd, x->d->context, &ops, x);
}

static bool is_loopback(const struct vsw_endpoint *e)
{
	const struct sockaddr_in *v4 = (const void *)&e->sa;
	const struct sockaddr_in6 *v6 = (const void *)&e->sa;

	if (e->sa.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return e->sa.ss_family == AF_UNIX || IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static int parse(const struct daemon *d, const char *address, struct vsw_endpoint *at, char *err,
		 size_t errlen)
{
	char why[200];

	if (vd_place_parse(d->place, address, at, why, sizeof(why)) < 0)
		return vsw_fail(err, errlen, "metrics: %s", why);
	if (!is_loopback(at))
		return vsw_fail(err, errlen,
				"metrics: '%s' is neither a Unix socket nor an address of the "
				"loopback interface (127.0.0.1:9177, [::1]:9177)",
				address);
	return 0;
}

int vd_exporter_check(const struct daemon *d, const char *address, char *err, size_t errlen)
{
	struct vsw_endpoint at;

	return address ? parse(d, address, &at, err, errlen) : 0;
}

static void exporter_free(struct exporter *x)
{
	if (!x)
		return;
	vsw_acceptor_free(x->acceptor);
	g_ptr_array_free(x->clients, TRUE);
	vsw_endpoint_unlink(&x->at);
	close(x->fd);
	if (x->page)
		g_bytes_unref(x->page);
	g_free(x->address);
	g_free(x);
}

static struct exporter *exporter_new(struct daemon *d, const char *address, char *err,
				     size_t errlen)
{
	struct vsw_access access = VSW_ACCESS_OWN;
	struct vsw_endpoint at;
	struct exporter *x;
	char why[300];
	int fd;

	if (parse(d, address, &at, err, errlen) < 0)
		return NULL;
	fd = vd_takeover_listener(d, "", "metrics", address, &at);
	if (fd < 0)
		fd = vsw_endpoint_bind(&at, SOCK_STREAM, &access, why, sizeof(why));
	if (fd < 0) {
		vsw_fail(err, errlen, "metrics: %s", why);
		return NULL;
	}
	x = g_new0(struct exporter, 1);
	*x = (struct exporter) { .d = d, .address = g_strdup(address), .at = at, .fd = fd };
	x->clients = g_ptr_array_new_with_free_func(client_free);
	let_in(x);
	return x;
}

int vd_exporter_socket(const struct daemon *d, int *file)
{
	*file = d->exporter ? d->exporter->at.file : -1;
	return d->exporter ? d->exporter->fd : -1;
}

int vd_exporter_set(struct daemon *d, const char *address, char *err, size_t errlen)
{
	struct exporter *x = NULL;

	if (d->exporter && !g_strcmp0(address, d->exporter->address))
		return 0;
	if (address) {
		x = exporter_new(d, address, err, errlen);
		if (!x)
			return -1;
	}
	exporter_free(d->exporter);
	d->exporter = x;
	return 0;
}
