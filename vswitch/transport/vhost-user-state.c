/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a port that moves with its machine, in files of a front end (vhost-user.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vhost-user.h"
#include "vswitch/fail.h"
#include "vswitch/state.h"

/* #syscalls control pread pwrite */

static int write_all(int fd, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = pwrite(fd, data + at, len - at, (off_t)at);

		if (n <= 0)
			return -1;
		at += (size_t)n;
	}
	return 0;
}

static int read_all(int fd, uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = pread(fd, data + at, len - at, (off_t)at);

		if (n <= 0)
			return -1;
		at += (size_t)n;
	}
	return 0;
}

int vsw_vhost_state_save(void *opaque, int fd, uint64_t *len, char *why, size_t room)
{
	struct vsw_vhost *v = opaque;
	struct vsw_wire *wire = &v->wire;
	struct vsw_blob blob;
	int ret = -1;

	vsw_blob_init(&blob, VSW_PORT_STATE_MAX);
	if (vsw_vhost_any_started(v->be)) /* perhaps by a message just before */
		vsw_fail(why, room, "the rings run");
	else if (!wire->host->save)
		vsw_fail(why, room, "nobody keeps the state of this port");
	else if (wire->host->save(wire->opaque, wire, &blob, why, room) == 0)
		ret = write_all(fd, blob.data, blob.len) == 0 ?
			      0 :
			      vsw_fail(why, room, "the file for the state: %s", strerror(errno));
	*len = blob.len;
	vsw_blob_fini(&blob);
	return ret;
}

int vsw_vhost_state_load(void *opaque, int fd, uint64_t len, char *why, size_t room)
{
	struct vsw_vhost *v = opaque;
	struct vsw_wire *wire = &v->wire;
	uint8_t *data;
	int ret;

	if (vsw_vhost_any_started(v->be))
		return vsw_fail(why, room, "the rings run");
	if (!wire->host->load)
		return vsw_fail(why, room, "nobody takes the state of this port");
	if (!len || len > VSW_PORT_STATE_MAX)
		return vsw_fail(why, room, "a state of %llu bytes: 1 to %u",
				(unsigned long long)len, VSW_PORT_STATE_MAX);
	data = malloc(len);
	if (!data || read_all(fd, data, len) < 0)
		ret = vsw_fail(why, room, "the file of the state is shorter than %llu bytes",
			       (unsigned long long)len);
	else
		ret = wire->host->load(wire->opaque, wire, data, len, why, room);
	free(data);
	return ret;
}
