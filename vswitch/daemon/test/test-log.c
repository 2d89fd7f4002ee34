/* SPDX-License-Identifier: BSD-2-Clause */
/* The log, into what is not read: a pipe, sockets, a terminal; and a file. */
#define _GNU_SOURCE /* pipe2(), posix_openpt() */
#include "main.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"

#define LINES 100000u

static int was = -1; /* standard error of the test */

/* From now on the log is written to @fd, which is closed */
static void log_to(int fd)
{
	was = dup(STDERR_FILENO);
	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
	vd_log_init(VD_INFO);
}

static void log_back(void)
{
	dup2(was, STDERR_FILENO);
	close(was);
}

/* Read all that is there, and count. Return: the number that the last line before @end says */
static unsigned long read_lines(int fd, const char *end, unsigned *n)
{
	static char line[4096];
	unsigned long missing = 0;
	size_t at = 0;

	for (*n = 0; at < sizeof(line) - 1; at++) {
		ck_assert_int_eq(read(fd, line + at, 1), 1);
		if (line[at] != '\n')
			continue;
		line[at] = 0;
		if (strstr(line, end))
			return missing;
		if (strstr(line, "missing"))
			ck_assert_int_eq(sscanf(line, "vswitchd: %lu lines", &missing), 1);
		else
			*n += sscanf(line, "vswitchd: line %lu of them", &(unsigned long) { 0 });
		at = (size_t)-1;
	}
	ck_abort_msg("a line without end: %.100s", line);
	return 0;
}

/* Room comes for a line or two; the rest is counted */
static void fill_and_read(int fd, int end)
{
	unsigned long missing;
	unsigned n, more;
	char some[8192];

	log_to(end);
	for (unsigned i = 0; i < LINES; i++)
		vd_log(VD_INFO, "line %u of them", i);
	n = 0;
	for (ssize_t got = read(fd, some, sizeof(some)); got-- > 0;)
		n += some[got] == '\n';
	vd_log(VD_INFO, "the end");
	log_back();
	missing = read_lines(fd, "the end", &more);
	ck_assert_uint_lt(n + more, LINES);
	/* the line that reading has cut in two is no line to sscanf() */
	ck_assert_uint_ge(n + more + missing, LINES - 1);
	ck_assert_uint_le(n + more + missing, LINES);
	close(fd);
}

START_TEST(a_pipe_that_is_full_holds_nobody_up)
{
	int fd[2];

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	fill_and_read(fd[0], fd[1]);
}
END_TEST

START_TEST(a_socket_that_is_full_holds_nobody_up)
{
	int fd[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	fill_and_read(fd[0], fd[1]);
}
END_TEST

START_TEST(who_shares_the_pipe_still_waits)
{
	int fd[2], flags;

	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	log_to(dup(fd[1]));
	flags = fcntl(fd[1], F_GETFL);
	log_back();
	ck_assert(!(flags & O_NONBLOCK));
	close(fd[0]);
	close(fd[1]);
}
END_TEST

START_TEST(a_file_gets_all)
{
	FILE *f = tmpfile();
	unsigned n;

	log_to(dup(fileno(f)));
	for (unsigned i = 0; i < 1000; i++)
		vd_log(VD_INFO, "line %u of them", i);
	vd_log(VD_INFO, "the end");
	log_back();
	rewind(f);
	ck_assert_uint_eq(read_lines(fileno(f), "the end", &n), 0);
	ck_assert_uint_eq(n, 1000);
	fclose(f);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_pipe_that_is_full_holds_nobody_up,
		a_socket_that_is_full_holds_nobody_up,
		who_shares_the_pipe_still_waits,
		a_file_gets_all,
		NULL,
	};

	unsetenv("JOURNAL_STREAM");
	return run_tests("vswitchd-log", tests);
}
