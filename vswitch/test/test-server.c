/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers in pieces, and the server on its socket. */
#include "main.h"
#include "rig.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vswitch/accept.h"
#include "vswitch/manage.h"

#define MANY  100000u
#define PIECE 8192u

static void no_limit(struct vsw_policy *policy)
{
	policy->mac.limit = 0;
}

/* A switch that learnt @n stations 02:00:NN:NN:NN:NN at port a in VLAN 5 */
static struct rig *crowded(uint32_t n)
{
	struct rig *r = rig_new_addresses(n * 3 / 2);
	struct rig_port *a = rig_port(r, "a", 5);
	uint8_t buf[64];

	rig_port(r, "b", 5)->discard = true;
	rig_change(a, no_limit);
	rig_frame(buf, "*", "a", -1, sizeof(buf));
	for (uint32_t i = 0; i < n; i++) {
		frame_put_be32(buf + 8, i);
		rig_send_bytes(a, buf, sizeof(buf));
	}
	rig_control(r);
	return r;
}

/* Read an answer to its end, piece by piece; @between is called between two */
static char *read_pieces(struct rig *r, const char *command, unsigned *pieces,
			 void (*between)(struct rig *r, unsigned piece))
{
	struct vsw_answer *a = vsw_control_begin(r->ctl, command, strlen(command));
	enum vsw_answer_state state;
	GString *all = g_string_new(NULL);
	char buf[PIECE];
	size_t n;

	for (*pieces = 0;; ++*pieces) {
		state = vsw_answer_read(a, buf, sizeof(buf), &n);
		CK_EACH(n <= sizeof(buf), "too much");
		g_string_append_len(all, buf, (gssize)n);
		if (state != VSW_ANSWER_MORE)
			break;
		if (between)
			between(r, *pieces);
	}
	ck_assert_int_eq(state, VSW_ANSWER_COMPLETE);
	vsw_answer_free(a);
	return g_string_free(all, FALSE);
}

/* How often each station is in an answer to query-fdb */
static uint8_t *stations(const char *answer)
{
	uint8_t *seen = calloc(1, MANY);
	json_t *j = json_loads(answer, 0, NULL), *e;
	size_t i;

	ck_assert_ptr_nonnull(j);
	json_array_foreach(json_object_get(j, "return"), i, e) {
		unsigned b[4];

		CK_EACH(sscanf(json_string_value(json_object_get(e, "mac")), "02:00:%x:%x:%x:%x",
			       &b[0], &b[1], &b[2], &b[3]) == 4,
			"odd address");
		seen[b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]]++;
	}
	json_decref(j);
	return seen;
}

START_TEST(a_hundred_thousand_addresses_in_pieces)
{
	static const char command[] = "{\"execute\": \"query-fdb\", \"id\": {\"a\": [1]}}";
	struct rig *r = crowded(MANY);
	unsigned pieces;
	char *answer = read_pieces(r, command, &pieces, NULL), *whole;
	uint8_t *seen = stations(answer);

	for (uint32_t i = 0; i < MANY; i++)
		CK_EACH(seen[i] == 1, "station %u came %u times", i, seen[i]);
	ck_assert_uint_ge(pieces, strlen(answer) / PIECE);
	ck_assert_uint_le(pieces, strlen(answer) / PIECE * 2 + 2);
	whole = vsw_control_execute(r->ctl, command, strlen(command));
	ck_assert_str_eq(answer, whole);
	free(whole);
	free(seen);
	g_free(answer);
	rig_free(r);
}
END_TEST

static void flush_at_once(struct rig *r, unsigned piece)
{
	vsw_addresses_flush(r->sw);
}

/* Nothing is made before it is read: what is gone after the first piece does not come any more */
START_TEST(a_piece_is_made_when_it_is_read)
{
	struct rig *r = crowded(MANY);
	unsigned pieces;
	char *answer = read_pieces(r, "{\"execute\": \"query-fdb\"}", &pieces, flush_at_once);

	ck_assert_uint_gt(strlen(answer), PIECE / 2);
	ck_assert_uint_lt(strlen(answer), PIECE * 2);
	g_free(answer);
	rig_free(r);
}
END_TEST

/* Everything is forgotten, learnt, a port comes and goes */
static void disturb(struct rig *r, unsigned piece)
{
	uint8_t mac[6] = { 2, 0 };

	frame_put_be32(mac + 2, piece % 2000);
	if (vsw_address_remove(r->sw, 5, mac) < 0)
		vsw_address_add(r->port[1].port, 5, mac, NULL, 0);
	if (piece == 3)
		vsw_addresses_flush(r->sw);
	if (piece % 2)
		vsw_port_remove(vsw_port_find(r->sw, "c"));
	else
		rig_add(r, &(struct vsw_port_conf) { .id = "c", .vlan = 5 });
	r->n_ports = 2;
}

START_TEST(an_answer_stays_sound_while_the_switch_changes)
{
	static const char *const queries[] = { "query-fdb", "query-ports", "query-groups",
					       "query-config", "query-commands" };
	struct rig *r = crowded(2000);
	char text[80], *answer;
	unsigned pieces;
	json_t *j;

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		snprintf(text, sizeof(text), "{\"execute\": \"%s\", \"id\": 5}", queries[i]);
		answer = read_pieces(r, text, &pieces, disturb);
		j = json_loads(answer, 0, NULL);
		ck_assert_msg(json_object_get(j, "return") != NULL, "%s", answer);
		ck_assert_int_eq(json_integer_value(json_object_get(j, "id")), 5);
		json_decref(j);
		g_free(answer);
	}
	rig_free(r);
}
END_TEST

/* query-config keeps telling the document it was asked for */
static void change_document(struct rig *r, unsigned piece)
{
	ck_assert_int_eq(vsw_control_load(r->ctl, "{}", 2, NULL, 0), 0);
}

START_TEST(a_long_document_in_pieces)
{
	struct rig *r = rig_new();
	GString *doc = g_string_new("{\"portgroups\":{");
	unsigned pieces;
	char *answer, *whole;

	for (int i = 0; i < 5000; i++)
		g_string_append_printf(doc, "%s\"group \\\"%d\\\"\":{\"vlan\":%d}", i ? "," : "", i,
				       i % 4095);
	g_string_append(doc, "}}");
	rig_control(r);
	ck_assert_int_eq(vsw_control_load(r->ctl, doc->str, doc->len, r->err, sizeof(r->err)), 0);
	answer = read_pieces(r, "{\"execute\": \"query-config\"}", &pieces, change_document);
	ck_assert_uint_ge(pieces, doc->len / PIECE);
	whole = g_strdup_printf("{\"return\":%s}", doc->str);
	ck_assert_str_eq(answer, whole);
	g_free(whole);
	g_free(answer);
	g_string_free(doc, TRUE);
	rig_free(r);
}
END_TEST

/* An argument was known by any part of its name that a list of names has, and an empty one was
 * looked for beyond the list's end */
START_TEST(json_empty_key)
{
	static const char *const bad[] = { "", "por", "ort", "port?", "?", "port ", " " };
	struct rig *r = rig_new();

	rig_control(r);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[80], want[120], *answer;

		snprintf(text, sizeof(text),
			 "{\"execute\": \"query-ports\", \"arguments\": {\"%s\": 1}}", bad[i]);
		snprintf(want, sizeof(want),
			 "{\"error\":{\"class\":\"GenericError\",\"desc\":"
			 "\"query-ports: no argument '%s'\"}}",
			 bad[i]);
		answer = vsw_control_execute(r->ctl, text, strlen(text));
		ck_assert_str_eq(answer, want);
		free(answer);
	}
	rig_free(r);
}
END_TEST

/* struct place - a server and where it is */
struct place {
	struct rig *r;
	GMainContext *ctx;
	struct vsw_server *srv;
	char dir[32], path[64];
};

static struct place serve(struct rig *r)
{
	struct place p = { .r = r, .ctx = g_main_context_new(), .dir = "/tmp/vswitch-test-XXXXXX" };

	if (!r->ctl)
		rig_control(r);
	ck_assert_ptr_nonnull(mkdtemp(p.dir));
	snprintf(p.path, sizeof(p.path), "%s/ctl", p.dir);
	p.srv = vsw_server_new(r->ctl, p.ctx, p.path, r->err, sizeof(r->err));
	ck_assert_msg(p.srv != NULL, "%s", r->err);
	return p;
}

static void close_place(struct place *p)
{
	vsw_server_free(p->srv);
	ck_assert_int_eq(access(p->path, F_OK), -1);
	rmdir(p->dir);
	g_main_context_unref(p->ctx);
	rig_free(p->r);
}

static void run(struct place *p)
{
	for (int i = 0; i < 100 && g_main_context_iteration(p->ctx, FALSE); i++)
		;
}

/* A line from the server, which is run until it has come; NULL at the end of the connection */
static json_t *line(struct place *p, int fd)
{
	GString *text = g_string_new(NULL);
	json_t *j = NULL;

	for (long i = 0; i < 100000000 && !(text->len && text->str[text->len - 1] == '\n'); i++) {
		char buf[4096], *end;
		ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_PEEK);

		if (n > 0) {
			end = memchr(buf, '\n', (size_t)n);
			n = recv(fd, buf, end ? (size_t)(end - buf) + 1 : (size_t)n, 0);
			g_string_append_len(text, buf, n);
			continue;
		}
		if (n == 0 || errno != EAGAIN)
			break;
		g_main_context_iteration(p->ctx, FALSE);
	}
	if (text->len) {
		j = json_loadb(text->str, text->len, 0, NULL);
		ck_assert_msg(j != NULL, "%s", text->str);
	}
	g_string_free(text, TRUE);
	return j;
}

static int dial(struct place *p)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	json_t *j;

	strcpy(a.sun_path, p->path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	j = line(p, fd);
	ck_assert_ptr_nonnull(json_object_get(j, "QMP"));
	json_decref(j);
	return fd;
}

static void put(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

/* The id of the next answer; -1: an error, -2: an event, -3: the end */
static int id_of(struct place *p, int fd)
{
	json_t *j = line(p, fd);
	int id = !j			     ? -3 :
		 json_object_get(j, "event") ? -2 :
		 json_object_get(j, "error") ? -1 :
					       (int)json_integer_value(json_object_get(j, "id"));

	json_decref(j);
	return id;
}

START_TEST(server_serves_and_tells_events)
{
	struct place p = serve(rig_new());
	struct stat st;
	json_t *j;
	int fd;

	ck_assert_int_eq(stat(p.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_ptr_null(vsw_server_new(p.r->ctl, p.ctx, p.path, p.r->err, sizeof(p.r->err)));
	fd = dial(&p);
	put(fd, "{\"execute\": \"query-switch\", \"id\": 7}\n");
	j = line(&p, fd);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "id")), 7);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(j, "return"), "name")),
			 "sw0");
	json_decref(j);
	rig_port(p.r, "new", 0);
	j = line(&p, fd);
	ck_assert_str_eq(json_string_value(json_object_get(j, "event")), "PORT_ADDED");
	json_decref(j);
	close(fd);
	run(&p);
	close_place(&p);
}
END_TEST

/* QMP's clients send no newline; requests come in any pieces */
START_TEST(a_request_ends_where_its_object_does)
{
	struct place p = serve(rig_new());
	int fd = dial(&p);

	put(fd, "{\"execute\": \"query-switch\", \"id\": 1}");
	ck_assert_int_eq(id_of(&p, fd), 1);
	put(fd, "{\"execute\": \"query-switch\", \"id\": 2}"
		"{\"execute\": \"query-switch\", \"id\": 3} \r\n"
		"\n{\n\t\"execute\":\n\"query-switch\", \"id\": 4}");
	for (int id = 2; id <= 4; id++)
		ck_assert_int_eq(id_of(&p, fd), id);
	for (const char *c =
		     "{\"execute\": \"query-ports\", \"arguments\": {\"port\": \"}\\\"]\"}}";
	     *c; c++) {
		char one[2] = { *c };

		put(fd, one);
		run(&p);
	}
	ck_assert_int_eq(id_of(&p, fd), -1);
	put(fd, "hello\n{\"execute\": \"query-switch\", \"id\": 5}");
	ck_assert_int_eq(id_of(&p, fd), -1);
	ck_assert_int_eq(id_of(&p, fd), 5);
	put(fd, "{\"execute\": \"query-\n{\"execute\": \"query-switch\", \"id\": 6}");
	ck_assert_int_eq(id_of(&p, fd), -1);
	ck_assert_int_eq(id_of(&p, fd), 6);
	put(fd, "{]");
	ck_assert_int_eq(id_of(&p, fd), -1);
	close(fd);
	run(&p);
	close_place(&p);
}
END_TEST

START_TEST(a_long_answer_does_not_keep_others_waiting)
{
	struct place p = serve(crowded(MANY));
	int slow = dial(&p), quick = dial(&p);
	json_t *j;

	put(slow, "{\"execute\": \"query-fdb\"}{\"execute\": \"query-switch\", \"id\": 9}");
	run(&p);
	put(quick, "{\"execute\": \"query-switch\", \"id\": 8}");
	ck_assert_int_eq(id_of(&p, quick), 8);
	rig_port(p.r, "new", 0); /* its event is behind the answer */
	j = line(&p, slow);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "return")), MANY);
	json_decref(j);
	ck_assert_int_eq(id_of(&p, slow), -2);
	ck_assert_int_eq(id_of(&p, slow), 9);
	ck_assert_int_eq(id_of(&p, quick), -2);
	close(slow);
	close(quick);
	run(&p);
	close_place(&p);
}
END_TEST

/* An answer that nobody reads is not made: what waits is a piece or two. Who reads no events either
 * is cut off. */
START_TEST(a_client_that_does_not_read_costs_little)
{
	struct place p = serve(crowded(MANY));
	struct vsw_event ev = { .kind = VSW_EVENT_STORM, .text = "much" };
	int fd = dial(&p), other = dial(&p);
	char buf[65536];
	size_t got = 0;
	ssize_t n;

	put(fd, "{\"execute\": \"query-fdb\"}");
	for (int i = 0; i < 100; i++)
		run(&p);
	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		got += (size_t)n;
	ck_assert_uint_lt(got, MANY * 40); /* what a socket holds, not all of it */
	for (int i = 0; i < 20000; i++)
		vsw_report(p.r->sw, &ev);
	for (int i = 0; i < 100; i++)
		run(&p);
	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		;
	ck_assert_int_eq(n, 0);
	close(other);
	close(fd);
	other = dial(&p);
	put(other, "{\"execute\": \"query-switch\", \"id\": 1}");
	ck_assert_int_eq(id_of(&p, other), 1);
	close(other);
	close_place(&p);
}
END_TEST

START_TEST(a_request_without_end_is_refused)
{
	struct place p = serve(rig_new());
	int fd = dial(&p);
	char *much = malloc(65536);

	memset(much, '[', 65536);
	for (int i = 0; i < 20; i++) {
		for (size_t sent = 0; sent < 65536;) {
			ssize_t n =
				send(fd, much + sent, 65536 - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

			if (n < 0 && errno != EAGAIN)
				break;
			sent += n > 0 ? (size_t)n : 0;
			run(&p);
		}
	}
	ck_assert_int_eq(id_of(&p, fd), -1);
	ck_assert_int_eq(id_of(&p, fd), -3);
	free(much);
	close(fd);
	close_place(&p);
}
END_TEST

/* A directory with a name in it */
static struct place empty_place(void)
{
	struct place p = { .r = rig_new(), .dir = "/tmp/vswitch-test-XXXXXX" };

	rig_control(p.r);
	ck_assert_ptr_nonnull(mkdtemp(p.dir));
	snprintf(p.path, sizeof(p.path), "%s/ctl", p.dir);
	return p;
}

static void refused(struct place *p, const char *why)
{
	ck_assert_ptr_null(vsw_server_new(p->r->ctl, NULL, p->path, p->r->err, sizeof(p->r->err)));
	ck_assert_msg(strstr(p->r->err, p->path) == p->r->err && strstr(p->r->err, why), "%s",
		      p->r->err);
}

/* A server whose queue of connections is full was taken for dead, and its socket removed */
START_TEST(listen_busy)
{
	struct place p = empty_place();
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int live = socket(AF_UNIX, SOCK_STREAM, 0), fd[16];
	struct vsw_server *srv;
	unsigned n = 0;

	strcpy(a.sun_path, p.path);
	ck_assert_int_eq(bind(live, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(live, 1), 0);
	do {
		fd[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	} while (connect(fd[n], (struct sockaddr *)&a, sizeof(a)) == 0 && ++n < 15);
	ck_assert_int_eq(errno, EAGAIN);
	refused(&p, "another process serves this socket");
	ck_assert_int_eq(access(p.path, F_OK), 0);
	for (unsigned i = 0; i <= n; i++)
		close(fd[i]);
	refused(&p, "another process serves this socket"); /* not busy any more */
	close(live);
	srv = vsw_server_new(p.r->ctl, NULL, p.path, p.r->err, sizeof(p.r->err));
	ck_assert_msg(srv != NULL, "%s", p.r->err); /* but dead */
	vsw_server_free(srv);
	rmdir(p.dir);
	rig_free(p.r);
}
END_TEST

START_TEST(listen_leaves_what_is_no_socket_of_its_own)
{
	struct place p = empty_place();
	struct vsw_server *srv;
	FILE *f = fopen(p.path, "w");

	fclose(f);
	refused(&p, "no socket");
	unlink(p.path);
	srv = vsw_server_new(p.r->ctl, NULL, p.path, p.r->err, sizeof(p.r->err));
	ck_assert_msg(srv != NULL, "%s", p.r->err);
	unlink(p.path);
	f = fopen(p.path, "w"); /* somebody else's by now */
	fclose(f);
	vsw_server_free(srv);
	ck_assert_int_eq(access(p.path, F_OK), 0);
	unlink(p.path);
	rmdir(p.dir);
	snprintf(p.path, sizeof(p.path), "%s/nowhere/ctl", p.dir);
	refused(&p, "No such file or directory");
	rig_free(p.r);
}
END_TEST

static unsigned let_in, pauses;

static void count_client(void *opaque, int fd)
{
	let_in++;
	close(fd);
}

static void count_pause(void *opaque, int error)
{
	ck_assert_int_eq(error, EMFILE);
	pauses++;
}

/* Without a descriptor for a client the server did nothing else than to try again */
START_TEST(accept_rests_while_there_are_no_descriptors)
{
	static const struct vsw_acceptor_ops ops = { count_client, count_pause };
	struct place p = empty_place();
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int live = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int peer = socket(AF_UNIX, SOCK_STREAM, 0);
	struct vsw_acceptor *acceptor = vsw_acceptor_new(live, NULL, &ops, NULL);
	struct rlimit none = { 3, 3 }, was;

	strcpy(a.sun_path, p.path);
	ck_assert_int_eq(bind(live, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(live, 1), 0);
	g_main_context_iteration(NULL, FALSE);
	ck_assert_int_eq(connect(peer, (struct sockaddr *)&a, sizeof(a)), 0);
	getrlimit(RLIMIT_NOFILE, &was);
	none.rlim_max = was.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	for (int i = 0; i < 100; i++)
		g_main_context_iteration(NULL, FALSE);
	ck_assert_uint_eq(pauses, 1);
	ck_assert_uint_eq(let_in, 0);
	setrlimit(RLIMIT_NOFILE, &was);
	while (!let_in)
		g_main_context_iteration(NULL, TRUE);
	ck_assert_uint_eq(pauses, 1);
	vsw_acceptor_free(acceptor);
	close(peer);
	close(live);
	unlink(p.path);
	rmdir(p.dir);
	rig_free(p.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_hundred_thousand_addresses_in_pieces,
		a_piece_is_made_when_it_is_read,
		an_answer_stays_sound_while_the_switch_changes,
		a_long_document_in_pieces,
		json_empty_key,
		server_serves_and_tells_events,
		a_request_ends_where_its_object_does,
		a_long_answer_does_not_keep_others_waiting,
		a_client_that_does_not_read_costs_little,
		a_request_without_end_is_refused,
		listen_busy,
		listen_leaves_what_is_no_socket_of_its_own,
		accept_rests_while_there_are_no_descriptors,
		NULL,
	};

	return run_tests("server", tests);
}
