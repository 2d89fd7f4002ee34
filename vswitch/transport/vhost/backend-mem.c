/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages about memory and its log; see backend.h. */
#include "backend-priv.h"

#include <unistd.h>

static int add(struct vhost_backend *be, const struct peer_range *range, struct vhost_call *c,
	       unsigned i)
{
	int fd = vsw_vhost_take_fd(c, i);
	const char *why = fd < 0 ? "no file came with it" : peer_mem_add(&be->mem, range, fd);

	if (!why)
		return 0;
	if (fd >= 0)
		close(fd);
	return vsw_vhost_refuse(be, "memory at 0x%llx: %s", (unsigned long long)range->gpa, why);
}

int vsw_vhost_set_mem_table(struct vhost_backend *be, struct vhost_call *c)
{
	uint32_t n = c->size >= 8 ? c->in.table.n : 0;

	if (!n || n > VHOST_TABLE || c->size < 8 + n * sizeof(struct peer_range))
		return vsw_vhost_refuse(be, "a memory table of 1 to %u regions, with all of them",
					VHOST_TABLE);
	peer_mem_clear(&be->mem);
	for (unsigned i = 0; i < n; i++)
		if (add(be, &c->in.table.range[i], c, i))
			return -1;
	return 0;
}

int vsw_vhost_add_mem_reg(struct vhost_backend *be, struct vhost_call *c)
{
	return add(be, &c->in.region.range, c, 0);
}

int vsw_vhost_rem_mem_reg(struct vhost_backend *be, struct vhost_call *c)
{
	const char *why = peer_mem_remove(&be->mem, &c->in.region.range);

	return why ? vsw_vhost_refuse(be, "%s", why) : 0;
}

int vsw_vhost_set_log_base(struct vhost_backend *be, struct vhost_call *c)
{
	int fd = vsw_vhost_take_fd(c, 0);
	const char *why;

	if (!(be->protocol & VIRTIO_BIT(VHOST_PROTOCOL_LOG_SHMFD)) || fd < 0) {
		if (fd >= 0)
			close(fd);
		return vsw_vhost_refuse(be, "a log that is not a file");
	}
	peer_unmap(&be->log.map);
	why = peer_map(&be->log.map, fd, c->in.log.offset, c->in.log.size, &be->mem.broken);
	if (why) {
		close(fd);
		return vsw_vhost_refuse(be, "log: %s", why);
	}
	return vsw_vhost_answer(c, 0);
}
