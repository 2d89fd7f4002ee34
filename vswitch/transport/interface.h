/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interface of the kernel being watched; control thread.
 */
#ifndef VSWITCH_TRANSPORT_INTERFACE_H
#define VSWITCH_TRANSPORT_INTERFACE_H

#include <glib.h>
#include <net/if.h>
#include <stdbool.h>

/* enum vsw_interface_state - what becomes of it */
enum vsw_interface_state {
	VSW_INTERFACE_GONE, /* there is none of that name and number */
	VSW_INTERFACE_DOWN, /* it is down, or has no carrier */
	VSW_INTERFACE_UP,
};

/**
 * struct vsw_interface - A watched interface; zeros, then vsw_interface_watch()
 * @changed: Called when its state is another one
 * @name:  As it was called when it was looked at first
 * @index: Its number
 */
struct vsw_interface {
	char name[IFNAMSIZ];
	unsigned index;
	enum vsw_interface_state state;
	void (*changed)(struct vsw_interface *i);
	int fd;
	GSource *source;
};

/**
 * vsw_interface_watch() - Begin to watch
 * @i:       @name and @changed are set
 * @context: Where it is called
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * @state and @index are set when it returns.
 *
 * Return: 0, or -1.
 */
int vsw_interface_watch(struct vsw_interface *i, GMainContext *context, char *err, size_t errlen);

/**
 * vsw_interface_stop() - Watch no more
 * @i: Watched, or zeros
 */
void vsw_interface_stop(struct vsw_interface *i);

/**
 * vsw_interface_check() - Is it the name of an interface?
 * @name: The text
 *
 * Return: NULL, or what it must be.
 */
const char *vsw_interface_check(const char *name);

#endif
