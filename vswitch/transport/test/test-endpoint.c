/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of sockets, and sockets at them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main.h"
#include "vswitch/endpoint.h"

static char dir[] = "/tmp/vsw-endpoint-XXXXXX", path[64], err[200];

static void setup(void)
{
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
}

static void teardown(void)
{
	unlink(path);
	rmdir(dir);
}

static struct vsw_endpoint parse(const char *text)
{
	struct vsw_endpoint a;

	ck_assert_msg(vsw_endpoint_parse(text, &a, err, sizeof(err)) == 0, "%s", err);
	return a;
}

START_TEST(text_and_back)
{
	static const char *const texts[] = { "/run/x", "./y", "127.0.0.1:80", "[::1]:65535",
					     "0.0.0.0:0" };
	char text[128];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vsw_endpoint a = parse(texts[i]);

		vsw_endpoint_print(&a, text, sizeof(text));
		ck_assert_str_eq(text, texts[i]);
	}
}
END_TEST

START_TEST(what_is_no_address)
{
	static const char *const texts[] = {
		"",	  "here",	  ":80",     "127.0.0.1:",   "127.0.0.1:x", "1.2.3.4:65536",
		"::1:80", "[1.2.3.4]:80", "[::1]80", "localhost:80", "1.2.3:80",    "1.2.3.4:-1"
	};
	char longest[200];
	struct vsw_endpoint a;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(vsw_endpoint_parse(texts[i], &a, err, sizeof(err)) < 0, "'%s'",
			      texts[i]);
	memset(longest, '/', sizeof(longest));
	longest[107] = 0;
	ck_assert_int_eq(vsw_endpoint_parse(longest, &a, err, sizeof(err)), 0);
	longest[107] = '/';
	longest[108] = 0;
	ck_assert_int_lt(vsw_endpoint_parse(longest, &a, err, sizeof(err)), 0);
}
END_TEST

START_TEST(modes_and_owners)
{
	struct vsw_access access;

	ck_assert_int_eq(vsw_access_parse(NULL, NULL, &access, err, sizeof(err)), 0);
	ck_assert_uint_eq(access.mode, 0600);
	ck_assert(access.owner == (uid_t)-1 && access.group == (gid_t)-1);
	ck_assert_int_eq(vsw_access_parse("0660", "root:12", &access, err, sizeof(err)), 0);
	ck_assert_uint_eq(access.mode, 0660);
	ck_assert(access.owner == 0 && access.group == 12);
	ck_assert_int_eq(vsw_access_parse("666", ":root", &access, err, sizeof(err)), 0);
	ck_assert(access.owner == (uid_t)-1 && access.group == 0);
	ck_assert_int_lt(vsw_access_parse("0888", NULL, &access, err, sizeof(err)), 0);
	ck_assert_int_lt(vsw_access_parse("01777", NULL, &access, err, sizeof(err)), 0);
	ck_assert_int_lt(vsw_access_parse("rw", NULL, &access, err, sizeof(err)), 0);
	ck_assert_int_lt(vsw_access_parse(NULL, "no-such-user", &access, err, sizeof(err)), 0);
	ck_assert_str_eq(err, "no-such-user: no such user");
	ck_assert_int_lt(vsw_access_parse(NULL, "root:nobody-there", &access, err, sizeof(err)), 0);
}
END_TEST

static int bind_at(struct vsw_endpoint *a, int type)
{
	struct vsw_access access = VSW_ACCESS_OWN;

	access.mode = 0640;
	*a = parse(path);
	return vsw_endpoint_bind(a, type, &access, err, sizeof(err));
}

static mode_t mode_of(const char *p)
{
	struct stat st;

	return lstat(p, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void busy_and_stale(int type)
{
	struct vsw_endpoint a, b;
	int fd = bind_at(&a, type), other;

	ck_assert_msg(fd >= 0, "%s", err);
	ck_assert_uint_eq(mode_of(path), 0640);
	ck_assert_int_lt(bind_at(&b, type), 0);
	ck_assert_ptr_nonnull(strstr(err, "in use"));
	close(fd); /* as if it had been killed: the file is still there */
	other = bind_at(&b, type);
	ck_assert_msg(other >= 0, "%s", err);
	vsw_endpoint_unlink(&a); /* too late: another's */
	ck_assert_uint_eq(mode_of(path), 0640);
	vsw_endpoint_unlink(&b);
	ck_assert_uint_eq(mode_of(path), 0);
	close(other);
}

START_TEST(stream_socket_in_use_and_stale)
{
	busy_and_stale(SOCK_STREAM);
}
END_TEST

START_TEST(datagram_socket_in_use_and_stale)
{
	busy_and_stale(SOCK_DGRAM);
}
END_TEST

/* A live server whose queue of connections is full must not be taken for a dead one */
START_TEST(server_with_a_full_queue_is_alive)
{
	struct vsw_endpoint a, b;
	int fd = bind_at(&a, SOCK_STREAM), client[8];

	listen(fd, 0);
	for (int i = 0; i < 8; i++) {
		client[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(client[i], (struct sockaddr *)&a.sa, a.len)) {
		}
	}
	ck_assert_int_lt(bind_at(&b, SOCK_STREAM), 0);
	ck_assert_ptr_nonnull(strstr(err, "in use"));
	for (int i = 0; i < 8; i++)
		close(client[i]);
	close(fd);
}
END_TEST

START_TEST(other_types_and_files_are_left_alone)
{
	struct vsw_endpoint a, b;
	int fd = bind_at(&a, SOCK_DGRAM);

	ck_assert_int_lt(bind_at(&b, SOCK_STREAM), 0);
	ck_assert_ptr_nonnull(strstr(err, "in use"));
	close(fd);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	ck_assert_int_lt(bind_at(&b, SOCK_STREAM), 0);
	ck_assert_ptr_nonnull(strstr(err, "no socket"));
	ck_assert_uint_eq(mode_of(path), 0600);
	close(fd);
}
END_TEST

START_TEST(directory_that_is_not_there)
{
	struct vsw_endpoint a = parse("/nowhere/at/all");
	struct vsw_access access = VSW_ACCESS_OWN;

	ck_assert_int_lt(vsw_endpoint_bind(&a, SOCK_STREAM, &access, err, sizeof(err)), 0);
	ck_assert_str_eq(err, "/nowhere/at/all: No such file or directory");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { text_and_back,
				       what_is_no_address,
				       modes_and_owners,
				       stream_socket_in_use_and_stale,
				       datagram_socket_in_use_and_stale,
				       server_with_a_full_queue_is_alive,
				       other_types_and_files_are_left_alone,
				       directory_that_is_not_there };
	Suite *s = suite_create("transport-endpoint");
	TCase *t = tcase_create("endpoint");

	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
