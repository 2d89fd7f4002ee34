/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets at addresses.
 *
 * Whether somebody serves what stands at a path is found out by connecting: a full queue of
 * connections is somebody, too. A lock on the directory, held until the new socket is complete,
 * keeps two processes from finding the same dead socket at a time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vswitch/endpoint.h"
#include "vswitch/fail.h"

/* #syscalls control bind chmod chown connect flock fstat listen */
/* #syscalls control lstat open setsockopt socket umask unlink */

static int fail(char *err, size_t errlen, const struct vsw_endpoint *a, const char *why)
{
	char text[128];

	vsw_endpoint_print(a, text, sizeof(text));
	return vsw_fail(err, errlen, "%s: %s", text, why);
}

static int open_socket(const struct vsw_endpoint *a, int type)
{
	return socket(a->sa.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static int bind_inet(const struct vsw_endpoint *a, int type, char *err, size_t errlen)
{
	int fd = open_socket(a, type), one = 1;

	if (fd >= 0 && type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&a->sa, a->len) == 0 &&
	    (type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0))
		return fd;
	fail(err, errlen, a, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What stands at a path: NULL: nothing, or a socket nobody serves; else why it is in the way */
static const char *in_the_way(const struct vsw_endpoint *a, int type)
{
	struct stat st;
	int fd, ret;

	if (lstat(vsw_endpoint_path(a), &st) < 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISSOCK(st.st_mode))
		return S_ISREG(st.st_mode) ?
			       "there is a file that is no socket; it is left alone" :
			       "there is something that is no socket; it is left alone";
	fd = open_socket(a, type);
	if (fd < 0)
		return strerror(errno);
	ret = connect(fd, (const struct sockaddr *)&a->sa, a->len) == 0 ? 0 : errno;
	close(fd);
	if (ret == ECONNREFUSED)
		return NULL;
	return ret == 0 || ret == EAGAIN ? "in use: another process serves this socket" :
	       ret == EPROTOTYPE	 ? "in use: by a socket of another type" :
					   strerror(ret);
}

/* Hold the lock of a path's directory. Return: a descriptor, or -1 with errno */
static int lock_directory(const char *path)
{
	char copy[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int fd;

	strcpy(copy, path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

static bool allow(const char *path, const struct vsw_access *access)
{
	return chmod(path, access->mode) == 0 &&
	       ((access->owner == (uid_t)-1 && access->group == (gid_t)-1) ||
		chown(path, access->owner, access->group) == 0);
}

int vsw_endpoint_allow(const struct vsw_endpoint *a, const struct vsw_access *access, char *err,
		       size_t errlen)
{
	return !vsw_endpoint_path(a) || allow(vsw_endpoint_path(a), access) ?
		       0 :
		       fail(err, errlen, a, strerror(errno));
}

/* Bind to a path where nothing is. Nobody may use the socket before its mode and owner are set.
 * Return: NULL, or what went wrong */
static const char *enter(struct vsw_endpoint *a, int fd, int type, const struct vsw_access *access)
{
	const char *path = vsw_endpoint_path(a);
	mode_t mask = umask(0177);
	int ret = bind(fd, (const struct sockaddr *)&a->sa, a->len);

	umask(mask);
	if (ret < 0)
		return strerror(errno);
	if (allow(path, access) && (type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0) &&
	    (a->file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC)) >= 0)
		return NULL;
	ret = errno;
	unlink(path);
	return strerror(ret);
}

static int bind_unix(struct vsw_endpoint *a, int type, const struct vsw_access *access, char *err,
		     size_t errlen)
{
	int lock = lock_directory(vsw_endpoint_path(a)), fd;
	const char *why;

	if (lock < 0)
		return fail(err, errlen, a, strerror(errno));
	fd = open_socket(a, type);
	why = fd < 0 ? strerror(errno) : in_the_way(a, type);
	if (!why) {
		unlink(vsw_endpoint_path(a));
		why = enter(a, fd, type, access);
	}
	close(lock);
	if (!why)
		return fd;
	fail(err, errlen, a, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

int vsw_endpoint_bind(struct vsw_endpoint *a, int type, const struct vsw_access *access, char *err,
		      size_t errlen)
{
	return vsw_endpoint_path(a) ? bind_unix(a, type, access, err, errlen) :
				      bind_inet(a, type, err, errlen);
}

void vsw_endpoint_unlink(struct vsw_endpoint *a)
{
	struct stat was, is;

	if (a->file < 0)
		return;
	if (fstat(a->file, &was) == 0 && lstat(vsw_endpoint_path(a), &is) == 0 &&
	    was.st_dev == is.st_dev && was.st_ino == is.st_ino)
		unlink(vsw_endpoint_path(a));
	close(a->file);
	a->file = -1;
}
