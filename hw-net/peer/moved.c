/* SPDX-License-Identifier: BSD-2-Clause */
/* A device on its way to another process; see moved.h. */
#include "moved.h"

#include <string.h>

bool peer_moved_put(struct peer_moved *m, const void *bytes, size_t len)
{
	if (len > m->room - m->len)
		return false;
	memcpy(m->data + m->len, bytes, len);
	m->len += len;
	return true;
}

bool peer_moved_put_fd(struct peer_moved *m, int fd)
{
	if (m->n_fds == m->max_fds)
		return false;
	m->fd[m->n_fds++] = fd;
	return true;
}

bool peer_moved_get(struct peer_heard *h, void *bytes, size_t len)
{
	if (len > h->m->len - h->at)
		return false;
	memcpy(bytes, h->m->data + h->at, len);
	h->at += len;
	return true;
}

int peer_moved_fd(const struct peer_heard *h)
{
	return h->fd < h->m->n_fds ? h->m->fd[h->fd] : -1;
}

void peer_moved_took_fd(struct peer_heard *h)
{
	h->m->fd[h->fd++] = -1;
}

bool peer_moved_over(const struct peer_heard *h)
{
	return h->at == h->m->len && h->fd == h->m->n_fds;
}
