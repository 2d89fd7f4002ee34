/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of configuration. */
#ifndef VSWITCH_FILE_H
#define VSWITCH_FILE_H

#include <stddef.h>

/**
 * vsw_file_read() - Read a text from an ordinary file
 * @path:   The file. A directory, a device, or a FIFO, for which one might wait for ever, is
 *      refused
 * @max:    Most bytes it may have
 * @len:    Filled: bytes of the text
 * @err:    On failure, one line that begins with @path
 * @errlen: Room in @err
 *
 * A byte order mark is left away, which JSON's readers may do (RFC 8259 section 8.1); other
 * encodings than UTF-8, which begin with one, are refused.
 *
 * Return: the text, to be freed with free(); NULL: there is none.
 */
char *vsw_file_read(const char *path, size_t max, size_t *len, char *err, size_t errlen);

/**
 * vsw_file_write() - Write all of some bytes
 * @fd:    The file
 * @bytes: The bytes
 * @len:   Their number
 *
 * Return: 0, or -1 with errno.
 */
int vsw_file_write(int fd, const void *bytes, size_t len);

#endif
