/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors of all back ends together.
 *
 * A front end may pass 509 files of memory and three eventfds a ring, and there are many front
 * ends: together they could take all descriptors of the process, and nobody could plug in any more.
 * So they share three quarters of what the process may have. Half of that goes to whoever comes
 * first; the other half is for back ends that have FEW, which is more than most ever need. Who
 * wants too much is refused, whoever has little is not.
 *
 * The control half's thread only.
 */
#include <sys/resource.h>

#include "backend-priv.h"

#define FEW 32u

static unsigned most, all;

static unsigned limit(void)
{
	struct rlimit r;

	if (!most && getrlimit(RLIMIT_NOFILE, &r) == 0)
		most = r.rlim_cur < UINT32_MAX ? (unsigned)(r.rlim_cur / 4 * 3) : UINT32_MAX / 2;
	return most;
}

bool vsw_vhost_fds_may(struct vhost_backend *be, unsigned more)
{
	unsigned own = be->fds + more, sum = all + more;

	return !more || sum <= limit() / 2 || (own <= FEW && sum <= limit());
}

static unsigned count(const struct vhost_backend *be)
{
	unsigned n = be->log.map.base != NULL;

	for (unsigned i = 0; i < be->mem.n; i++)
		n += be->mem.region[i].map.base != NULL;
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++) {
		const struct vhost_ring *r = &be->ring[i];

		n += (r->kick_fd >= 0) + (r->err_fd >= 0) + (r->vq.call_fd >= 0);
	}
	return n;
}

void vsw_vhost_fds_count(struct vhost_backend *be)
{
	unsigned n = count(be);

	all += n - be->fds;
	be->fds = n;
}

void vsw_vhost_fds_free(struct vhost_backend *be)
{
	all -= be->fds;
	be->fds = 0;
}
