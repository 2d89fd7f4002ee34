/* SPDX-License-Identifier: BSD-2-Clause */
/* An interface of the kernel being watched: rtnetlink tells when to look. */
#include "interface.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vswitch/fail.h"

/* #syscalls control bind if_nametoindex ioctl recv socket */

const char *vsw_interface_check(const char *name)
{
	return *name && strlen(name) < IFNAMSIZ && !strpbrk(name, "/: \t\n") && strcmp(name, ".") &&
			       strcmp(name, "..") ?
		       NULL :
		       "must be the name of an interface, at most 15 characters";
}

static enum vsw_interface_state state(const struct vsw_interface *i)
{
	struct ifreq r = { .ifr_flags = 0 };

	memcpy(r.ifr_name, i->name, sizeof(r.ifr_name));
	if (if_nametoindex(i->name) != i->index || ioctl(i->fd, SIOCGIFFLAGS, &r) < 0)
		return VSW_INTERFACE_GONE;
	return (r.ifr_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING) ?
		       VSW_INTERFACE_UP :
		       VSW_INTERFACE_DOWN;
}

/* Messages only say that something may have changed: lost ones (ENOBUFS) are no worse */
static gboolean on_message(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_interface *i = opaque;
	char buf[8192];
	enum vsw_interface_state now;

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	now = state(i);
	if (now == i->state)
		return G_SOURCE_CONTINUE;
	i->state = now;
	i->changed(i); /* it may end the watch */
	return G_SOURCE_CONTINUE;
}

int vsw_interface_watch(struct vsw_interface *i, GMainContext *context, char *err, size_t errlen)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };

	i->index = if_nametoindex(i->name);
	if (!i->index)
		return vsw_fail(err, errlen, "there is no interface '%s'", i->name);
	i->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (i->fd < 0)
		return vsw_fail(err, errlen, "interface '%s': %s", i->name, strerror(errno));
	bind(i->fd, (struct sockaddr *)&a, sizeof(a));
	i->state = state(i);
	i->source = g_unix_fd_source_new(i->fd, G_IO_IN);
	g_source_set_callback(i->source, G_SOURCE_FUNC(on_message), i, NULL);
	g_source_attach(i->source, context);
	return 0;
}

void vsw_interface_stop(struct vsw_interface *i)
{
	if (!i->source)
		return;
	g_source_destroy(i->source);
	g_source_unref(i->source);
	i->source = NULL;
	close(i->fd);
}
