/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses of sockets as text, and sockets bound to them; control thread.
 *
 * A text with a slash is the path of a Unix socket; "HOST:PORT" and "[HOST]:PORT" are numbers of
 * IPv4 and IPv6. No name is looked up.
 */
#ifndef VSWITCH_ENDPOINT_H
#define VSWITCH_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/**
 * struct vsw_endpoint - Where a socket is
 * @sa:  As the system wants it
 * @len: Bytes of it
 * @file: The file of a Unix socket that vsw_endpoint_bind() made, for vsw_endpoint_unlink(); open,
 *      so that its number is not given to another one. -1: none
 */
struct vsw_endpoint {
	struct sockaddr_storage sa;
	socklen_t len;
	int file;
};

/**
 * struct vsw_access - Who may use a Unix socket; by its file
 * @mode:  Permissions
 * @owner: @group: to whom it is given; -1: as it is
 */
struct vsw_access {
	mode_t mode;
	uid_t owner;
	gid_t group;
};

/** VSW_ACCESS_OWN - Only ourselves. */
#define VSW_ACCESS_OWN                                               \
	(struct vsw_access)                                          \
	{                                                            \
		.mode = 0600, .owner = (uid_t)-1, .group = (gid_t)-1 \
	}

/**
 * vsw_endpoint_parse() - Read an address
 * @text:   The text
 * @a:      Filled
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_endpoint_parse(const char *text, struct vsw_endpoint *a, char *err, size_t errlen);

/**
 * vsw_endpoint_path() - Path of a Unix socket
 * @a: The address
 *
 * Return: borrowed; NULL if it is something else.
 */
const char *vsw_endpoint_path(const struct vsw_endpoint *a);

/**
 * vsw_access_parse() - Read a mode such as "0660" and an owner such as "user:group"
 * @mode:   Octal digits, or NULL
 * @owner:  "USER", "USER:GROUP", ":GROUP", names or numbers; or NULL
 * @access: Filled; what is not given as in VSW_ACCESS_OWN
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_access_parse(const char *mode, const char *owner, struct vsw_access *access, char *err,
		     size_t errlen);

/**
 * vsw_endpoint_bind() - Make a socket at an address
 * @a:      The address; its file is noted in it
 * @type:   SOCK_STREAM (it listens), SOCK_DGRAM
 * @access: Who may use it, if it is a Unix socket
 * @err:    On failure, one line that begins with the address
 * @errlen: Room in @err
 *
 * A socket that nobody serves any more is replaced, whatever else is in the way is left alone. Of
 * two processes that try at a time one gets it. Until its mode and owner are set only we may use
 * it.
 *
 * Return: a descriptor, non-blocking, closed on exec; -1 on failure.
 */
int vsw_endpoint_bind(struct vsw_endpoint *a, int type, const struct vsw_access *access, char *err,
		      size_t errlen);

/**
 * vsw_endpoint_allow() - Give a Unix socket that vsw_endpoint_bind() made another mode and owner
 * @a:      The endpoint
 * @access: Who may use it
 * @err:    On failure, one line that begins with the address
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_endpoint_allow(const struct vsw_endpoint *a, const struct vsw_access *access, char *err,
		       size_t errlen);

/**
 * vsw_endpoint_unlink() - Remove the file of a Unix socket that vsw_endpoint_bind() made
 * @a: The address. If another file stands at its path by now, that is left alone
 */
void vsw_endpoint_unlink(struct vsw_endpoint *a);

/**
 * vsw_endpoint_print() - Write an address as vsw_endpoint_parse() reads it
 * @a:      The address
 * @text:   Where to
 * @size:   Room there
 */
void vsw_endpoint_print(const struct vsw_endpoint *a, char *text, size_t size);

#endif
