/* SPDX-License-Identifier: BSD-2-Clause */
/* systemd's protocol. */
#include "notify.h"

#include <fcntl.h>
#include <glib.h>
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vswitch/text.h"

/* #syscalls control fcntl socket */

#define FDS_START 3 /* SD_LISTEN_FDS_START */
#define FDS_MAX	  4096

static struct sockaddr_un manager;
static socklen_t manager_len;
static int notify_fd = -1;
static uint64_t watchdog;
static char **stored; /* names of the descriptors from FDS_START on; "" if taken */

static void find_manager(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	if (!len || len >= sizeof(manager.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	manager.sun_family = AF_UNIX;
	memcpy(manager.sun_path, path, len);
	if (path[0] == '@')
		manager.sun_path[0] = 0;
	manager_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* A number of the environment, up to @max; 0: there is none */
static uint64_t number(const char *name, uint64_t max)
{
	const char *text = getenv(name);
	uint64_t n = 0;

	return text && vsw_text_decimal(&text, max, &n) && !*text ? n : 0;
}

static bool for_us(const char *pid)
{
	return !getenv(pid) || number(pid, INT_MAX) == (uint64_t)getpid();
}

static void find_stored(void)
{
	const char *names = getenv("LISTEN_FDNAMES");
	int n = (int)number("LISTEN_FDS", FDS_MAX);

	if (!n || !getenv("LISTEN_PID") || !for_us("LISTEN_PID"))
		return;
	stored = g_strsplit(names ? names : "", ":", n);
	for (int i = 0; i < n; i++)
		fcntl(FDS_START + i, F_SETFD, FD_CLOEXEC);
}

void vd_notify_init(void)
{
	find_manager(getenv("NOTIFY_SOCKET"));
	if (for_us("WATCHDOG_PID"))
		watchdog = number("WATCHDOG_USEC", UINT64_MAX);
	find_stored();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
}

/* #syscalls control sendmsg */
static void tell(const char *text, int fd)
{
	struct iovec iov = { (char *)text, strlen(text) };
	struct msghdr msg = {
		.msg_name = &manager, .msg_namelen = manager_len, .msg_iov = &iov, .msg_iovlen = 1
	};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;

	if (notify_fd < 0)
		return;
	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.header = (struct cmsghdr) { .cmsg_len = CMSG_LEN(sizeof(int)),
						    .cmsg_level = SOL_SOCKET,
						    .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	sendmsg(notify_fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool vd_notify_managed(void)
{
	return notify_fd >= 0;
}

void vd_notify(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tell(text, -1);
}

void vd_notify_store(int fd, const char *name)
{
	char text[300];

	snprintf(text, sizeof(text), "FDSTORE=1\nFDPOLL=0\nFDNAME=%s", name);
	tell(text, fd);
}

void vd_notify_drop(const char *name)
{
	vd_notify("FDSTOREREMOVE=1\nFDNAME=%s", name);
}

json_t *vd_notify_give(void)
{
	char path[sizeof(manager.sun_path) + 1];
	size_t len = manager_len - offsetof(struct sockaddr_un, sun_path);

	if (notify_fd < 0)
		return json_object();
	memcpy(path, manager.sun_path, len);
	path[len] = 0;
	if (!path[0])
		path[0] = '@';
	return json_pack("{s:s,s:I}", "socket", path, "watchdog", (json_int_t)watchdog);
}

void vd_notify_take(const json_t *from)
{
	if (notify_fd >= 0)
		return;
	find_manager(json_string_value(json_object_get(from, "socket")));
	watchdog = (uint64_t)json_integer_value(json_object_get(from, "watchdog"));
}

uint64_t vd_notify_watchdog(void)
{
	return watchdog;
}

int vd_notify_stored(const char *name)
{
	for (int i = 0; stored && stored[i]; i++)
		if (*name && !strcmp(stored[i], name)) {
			stored[i][0] = 0;
			return FDS_START + i;
		}
	return -1;
}

void vd_notify_close_stored(void)
{
	for (int i = 0; stored && stored[i]; i++)
		if (stored[i][0])
			close(FDS_START + i);
	g_strfreev(stored);
	stored = NULL;
}
