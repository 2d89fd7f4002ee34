/* SPDX-License-Identifier: BSD-2-Clause */
/* Eventfds of a peer; see call.h. */
#define _GNU_SOURCE /* syscall() */
#include "call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* #syscalls frames SYS_io_getevents SYS_io_submit fcntl */
/* #syscalls control SYS_io_setup fstat open */

#define ROOM 64 /* completions that may be uncollected */

static aio_context_t context;
static int null_fd = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init(void)
{
	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null_fd >= 0 && syscall(SYS_io_setup, ROOM, &context) < 0)
		context = 0;
}

void peer_call_init(void)
{
	pthread_once(&once, init);
}

/* Let the kernel do nothing, and tell @fd when it is done. Return: 1, or -1 with errno */
static long submit(int fd, uint16_t what)
{
	struct iocb cb = { .aio_lio_opcode = what,
			   .aio_fildes = (uint32_t)null_fd,
			   .aio_flags = IOCB_FLAG_RESFD,
			   .aio_resfd = (uint32_t)fd };
	struct iocb *list = &cb;

	return syscall(SYS_io_submit, context, 1L, &list);
}

/* Completions say nothing; their room is needed again */
static void collect(void)
{
	struct io_event event[ROOM];

	syscall(SYS_io_getevents, context, 0L, (long)ROOM, event, NULL);
}

static void write_one(int fd)
{
	const uint64_t one = 1;
	ssize_t n = fcntl(fd, F_GETFL) & O_NONBLOCK ? write(fd, &one, sizeof(one)) : 0;

	(void)n; /* full: it has not read what it was told before */
}

void peer_call(int fd)
{
	if (!context) {
		write_one(fd);
		return;
	}
	if (submit(fd, IOCB_CMD_PREAD) > 0 || errno != EAGAIN)
		return;
	collect();
	submit(fd, IOCB_CMD_PREAD);
}

/* stat() knows no type of an anonymous inode */
static bool is_anonymous(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && !(st.st_mode & S_IFMT);
}

/* The eventfd is looked at before the file, which cannot be written to */
bool peer_is_eventfd(int fd)
{
	if (!context)
		return is_anonymous(fd);
	if (submit(fd, IOCB_CMD_PWRITE) < 0 && errno == EAGAIN) {
		collect();
		submit(fd, IOCB_CMD_PWRITE);
	}
	return errno == EBADF && is_anonymous(fd);
}
