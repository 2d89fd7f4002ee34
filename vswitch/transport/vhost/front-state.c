/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a port that moves with its machine: asked of one switch, told to another one; see
 * vswitch/front.h. */
#define _GNU_SOURCE /* memfd_create() */
#include "front-priv.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vswitch/state.h"

bool vsw_front_carries(const struct vsw_front *f)
{
	return f->protocol & VIRTIO_BIT(VHOST_PROTOCOL_STATE);
}

bool vsw_front_loads(const struct vsw_front *f)
{
	return f->state_fd >= 0 && !f->saving;
}

static void drop_file(struct vsw_front *f)
{
	if (f->state_fd >= 0)
		close(f->state_fd);
	f->state_fd = -1;
	f->saving = false;
}

static void tell_saved(struct vsw_front *f, const uint8_t *data, size_t len, const char *why)
{
	drop_file(f);
	if (f->ops->saved)
		f->ops->saved(f->opaque, data, len, why);
}

static void tell_loaded(struct vsw_front *f, const char *why)
{
	drop_file(f);
	if (f->ops->loaded)
		f->ops->loaded(f->opaque, why);
}

void vsw_front_save(struct vsw_front *f)
{
	drop_file(f);
	f->state_fd = memfd_create("vchassis-state", MFD_CLOEXEC);
	if (f->state_fd < 0) {
		tell_saved(f, NULL, 0, "there is no memory for it");
		return;
	}
	f->saving = true;
	vsw_front_talk(f);
}

static bool fill(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

void vsw_front_load(struct vsw_front *f, const uint8_t *data, size_t len)
{
	drop_file(f);
	f->state_fd = memfd_create("vchassis-state", MFD_CLOEXEC);
	f->state_len = len;
	if (f->state_fd < 0 || !fill(f->state_fd, data, len))
		tell_loaded(f, "there is no memory for it");
	else if (f->state == FRONT_UP && !f->stands)
		tell_loaded(f, "its rings run already");
	else if (f->state == FRONT_UP && !vsw_front_carries(f))
		vsw_front_state_drop(f);
	else
		vsw_front_talk(f);
}

void vsw_front_state_lost(struct vsw_front *f)
{
	if (f->saving)
		drop_file(f);
}

void vsw_front_state_drop(struct vsw_front *f)
{
	if (vsw_front_loads(f))
		tell_loaded(f, "the daemon is of a release that takes none");
}

uint32_t vsw_front_state_talk(struct vsw_front *f)
{
	struct vhost_message m = { .request = f->saving ? VHOST_STATE_SAVE : VHOST_STATE_LOAD };

	if (!f->saving) {
		m.size = sizeof(m.payload.carried.len);
		m.payload.carried.len = f->state_len;
	}
	return vsw_vhost_send(&f->ch, &m, &f->state_fd, 1) == 0 ? m.request : 0;
}

/* The file is the switch's as well as ours: what it has is copied */
static void got_saved(struct vsw_front *f, uint64_t len)
{
	uint8_t *data = malloc(len);

	if (data && pread(f->state_fd, data, len, 0) == (ssize_t)len)
		tell_saved(f, data, len, NULL);
	else
		tell_saved(f, NULL, 0, "the daemon has written less than it says");
	free(data);
}

const char *vsw_front_state_got(struct vsw_front *f, const struct vhost_message *m)
{
	char why[VHOST_CARRIED_WHY + 1] = "";
	size_t head = offsetof(union vhost_payload, carried.why);
	uint64_t len = m->payload.carried.len;

	if (m->size < head || m->size > head + VHOST_CARRIED_WHY)
		return "the switch answers nonsense about the state of the port";
	memcpy(why, m->payload.carried.why, m->size - head);
	for (char *c = why; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = '?';
	if (m->request == VHOST_STATE_LOAD)
		tell_loaded(f, why[0] ? why : NULL);
	else if (why[0])
		tell_saved(f, NULL, 0, why);
	else if (!len || len > VSW_PORT_STATE_MAX)
		return "the switch answers nonsense about the state of the port";
	else
		got_saved(f, len);
	return NULL;
}
