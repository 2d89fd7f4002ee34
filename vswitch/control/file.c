/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of configuration. */
#include "vswitch/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vswitch/fail.h"

/* #syscalls control fstat open */

/* NULL: an ordinary file of at most @max bytes; else what is wrong with it */
static const char *look(int fd, size_t max, char *why, size_t room)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (S_ISDIR(st.st_mode))
		return "is a directory, must be a file";
	if (S_ISFIFO(st.st_mode))
		return "is a FIFO or pipe, must be a file";
	if (!S_ISREG(st.st_mode))
		return "is no ordinary file";
	if ((unsigned long long)st.st_size <= max)
		return NULL;
	snprintf(why, room, "is larger than %zu bytes", max);
	return why;
}

/* Read to the end. Return: bytes, or -1 with errno: it has grown beyond @max, or cannot be read */
static ssize_t read_all(int fd, char *text, size_t max)
{
	size_t at = 0;

	for (;;) {
		ssize_t n = read(fd, text + at, max + 1 - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += (size_t)n;
		if (n == 0)
			return (ssize_t)at;
		if (at > max) {
			errno = EFBIG;
			return -1;
		}
	}
}

/* Return: what is wrong with the text's encoding, as far as its first bytes say it */
static const char *take_mark(char *text, size_t *len)
{
	static const char utf8[] = "\xef\xbb\xbf";

	if (*len >= 2 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2)))
		return "is in UTF-16 or UTF-32, must be in UTF-8";
	if (*len < sizeof(utf8) - 1 || memcmp(text, utf8, sizeof(utf8) - 1))
		return NULL;
	*len -= sizeof(utf8) - 1;
	memmove(text, text + sizeof(utf8) - 1, *len);
	return NULL;
}

static char *read_text(int fd, size_t max, size_t *len, const char **wrong)
{
	char *text = malloc(max + 1);
	ssize_t n = text ? read_all(fd, text, max) : -1;

	*wrong = n < 0 ? strerror(text ? errno : ENOMEM) : NULL;
	*len = n < 0 ? 0 : (size_t)n;
	if (!*wrong)
		*wrong = take_mark(text, len);
	if (!*wrong)
		return text;
	free(text);
	return NULL;
}

char *vsw_file_read(const char *path, size_t max, size_t *len, char *err, size_t errlen)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *wrong = fd < 0 ? strerror(errno) : NULL;
	char *text = NULL, why[60];

	if (!wrong)
		wrong = look(fd, max, why, sizeof(why));
	if (!wrong)
		text = read_text(fd, max, len, &wrong);
	if (wrong)
		vsw_fail(err, errlen, "%s: %s", path, wrong);
	if (fd >= 0)
		close(fd);
	return text;
}

int vsw_file_write(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno != EINTR)
			return -1;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}
