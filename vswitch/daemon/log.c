/* SPDX-License-Identifier: BSD-2-Clause */
/* The log (log.h has the theory). */
#include "log.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* #syscalls control fstat open poll send */

/* Bytes of a line, and of one that says that others are missing: together less than PIPE_BUF, which
 * a pipe takes as a whole or not at all */
#define LINE 1024u
#define NOTE 128u

static enum vd_level most = VD_INFO;
static bool journal;

/* enum way - how to write without waiting */
static enum way { FILE_LIKE, SOCKET, UNKNOWN } way;
static int out = STDERR_FILENO;

/* Lines that were lost since it was said last, and what is left of one that went in part */
static unsigned long lost;
static char rest[NOTE + LINE];
static size_t rest_len;

/* Standard error may be shared with others, who expect it to wait for them. So a pipe or terminal
 * is opened once more, where that can be done */
static void find_way(void)
{
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st) < 0 || S_ISREG(st.st_mode))
		return;
	way = S_ISSOCK(st.st_mode) ? SOCKET : UNKNOWN;
	if (way == SOCKET)
		return;
	fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	out = fd;
	way = FILE_LIKE;
}

void vd_log_init(enum vd_level level)
{
	most = level;
	journal = getenv("JOURNAL_STREAM") != NULL;
	find_way();
}

static bool has_room(void)
{
	struct pollfd p = { .fd = out, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && p.revents & POLLOUT;
}

static ssize_t write_now(const char *bytes, size_t len)
{
	if (way == SOCKET)
		return send(out, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return way == UNKNOWN && !has_room() ? -1 : write(out, bytes, len);
}

/* Bytes that are to stand together. Return: whether they will */
static bool put(const char *bytes, size_t len)
{
	ssize_t n = write_now(bytes, len);

	if (n < 0)
		return false;
	rest_len = len - (size_t)n;
	memmove(rest, bytes + n, rest_len);
	return true;
}

/* Add a line, with no control characters, but one newline at its end */
__attribute__((format(printf, 5, 0))) static size_t add_line(char *text, size_t at, size_t size,
							     enum vd_level level, const char *fmt,
							     va_list ap)
{
	size_t from = at;
	int n;

	at += (size_t)(journal ? snprintf(text + at, size - at, "<%d>", level) :
				 snprintf(text + at, size - at, "vswitchd: "));
	n = vsnprintf(text + at, size - 1 - at, fmt, ap);
	if (n > 0)
		at = (size_t)n < size - 1 - at ? at + (size_t)n : size - 2;
	for (char *p = text + from; p < text + at; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	text[at] = '\n';
	return at + 1;
}

__attribute__((format(printf, 2, 3))) static size_t add_missing(char *text, const char *fmt, ...)
{
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	len = add_line(text, 0, NOTE, VD_WARNING, fmt, ap);
	va_end(ap);
	return len;
}

void vd_log(enum vd_level level, const char *fmt, ...)
{
	char text[NOTE + LINE];
	size_t at = 0;
	va_list ap;

	if (level > most)
		return;
	if (lost)
		at = add_missing(text, "%lu lines are missing here: the log was not read", lost);
	va_start(ap, fmt);
	at = add_line(text, at, at + LINE, level, fmt, ap);
	va_end(ap);
	if ((!rest_len || (put(rest, rest_len) && !rest_len)) && put(text, at))
		lost = 0;
	else
		lost++;
}
