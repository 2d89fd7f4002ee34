/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames: made from fields of the command line, read from capture files, told in one line. */
#ifndef VSWITCHCTL_FRAME_H
#define VSWITCHCTL_FRAME_H

#include <glib.h>

/** FRAME_BYTES_MAX - Longest frame that is read or made. */
#define FRAME_BYTES_MAX 65535u

/**
 * struct frame_field - A field that a frame can be made from
 * @name: Its name
 * @help: What may stand there
 */
struct frame_field {
	const char *name, *help;
};

/** frame_fields - All of them; the last one has no name. */
extern const struct frame_field frame_fields[];

/**
 * frame_make() - Make a frame
 * @fields: "NAME=VALUE", NULL at the end
 * @src:    Source address, if none is told; or NULL
 * @err:    On failure, one line; freed with g_free()
 *
 * Headers that a field asks for are made with it; lengths and the checksum of IPv4 are right, those
 * of TCP and UDP are 0.
 *
 * Return: its bytes; NULL on failure.
 */
GByteArray *frame_make(char *const *fields, const char *src, char **err);

/**
 * frame_hex() - Bytes as hexadecimal digits
 * @bytes: The bytes
 * @n:     Their number
 *
 * Return: to be freed with g_free().
 */
char *frame_hex(const guint8 *bytes, gsize n);

/**
 * frame_unhex() - And back
 * @text: The digits
 *
 * Return: the bytes; what is no pair of digits ends them.
 */
GByteArray *frame_unhex(const char *text);

/**
 * frame_tell() - Append what a frame is: addresses, VLAN, type, and of IP addresses and ports
 * @out:   Where
 * @bytes: Its first bytes
 * @n:     Their number
 * @len:   Its length
 */
void frame_tell(GString *out, const guint8 *bytes, gsize n, guint32 len);

#endif
