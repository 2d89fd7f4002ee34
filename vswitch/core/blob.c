/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that grow, up to a limit. */
#include "core/blob.h"

#include <stdlib.h>

void vsw_blob_init(struct vsw_blob *blob, size_t max)
{
	*blob = (struct vsw_blob) { .max = max };
}

int vsw_blob_reserve(struct vsw_blob *blob, size_t bytes)
{
	size_t room = blob->room ? blob->room : 4096;
	uint8_t *data;

	if (bytes > blob->max - blob->len)
		return -1;
	while (room < blob->len + bytes)
		room *= 2;
	if (room == blob->room)
		return 0;
	data = realloc(blob->data, room);
	if (!data)
		return -1;
	blob->data = data;
	blob->room = room;
	return 0;
}

void vsw_blob_fini(struct vsw_blob *blob)
{
	free(blob->data);
	blob->data = NULL;
	blob->len = blob->room = 0;
}

/**
 * vsw_blob_add() - Make place for bytes behind the others
 * @blob:  The blob
 * @bytes: How many
 *
 * Return: the place, or NULL: beyond the limit, or no memory.
 */
uint8_t *vsw_blob_add(struct vsw_blob *blob, size_t bytes)
{
	uint8_t *at;

	if (vsw_blob_reserve(blob, bytes) < 0)
		return NULL;
	at = blob->data + blob->len;
	blob->len += bytes;
	return at;
}
