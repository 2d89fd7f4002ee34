/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of vfio-user and the server it talks to; see rig.h. */
#define _GNU_SOURCE /* memfd_create() */
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hwnet/copy.h"

static int64_t rig_now(void *opaque)
{
	return ((struct rig *)opaque)->now;
}

static void rig_timer(void *opaque, int64_t deadline)
{
	((struct rig *)opaque)->deadline = deadline;
}

static void rig_work(void *opaque)
{
	((struct rig *)opaque)->work = true;
}

static unsigned rig_tx(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct rig *r = opaque;
	unsigned i;

	for (i = 0; i < n && r->takes; i++, r->takes--) {
		r->len = pkts[i]->len;
		r->sent++;
		if (r->len <= RIG_FRAME)
			pkt_copy(pkts[i], 0, r->frame, r->len);
	}
	return i;
}

static void rig_rx_ready(void *opaque)
{
	((struct rig *)opaque)->rx_ready++;
}

static void rig_changed(void *opaque, unsigned what)
{
	((struct rig *)opaque)->changed |= what;
}

static void rig_error(void *opaque, const char *line)
{
	((struct rig *)opaque)->errors++;
}

static const struct vfu_ops ops = {
	.now = rig_now,
	.timer = rig_timer,
	.work = rig_work,
	.tx = rig_tx,
	.rx_ready = rig_rx_ready,
	.changed = rig_changed,
	.error = rig_error,
};

const struct vfu_ops *const rig_ops = &ops;

void rig_open(struct rig *r, const struct hwnet_model *model, bool greet)
{
	static const struct vfu_version hello = { 0, 0 };
	struct hwnet_config cfg;
	char why[160] = "";
	int pair[2];

	memset(r, 0, sizeof(*r));
	r->takes = ~0u;
	r->mem_fd = -1;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
			 0);
	r->fd = pair[0];
	r->peer = pair[1];
	hwnet_config_init(model, &cfg);
	memcpy(cfg.mac, "\x52\x54\x00\x00\x00\x01", 6);
	r->v = vfu_new(model, &cfg, &ops, r, r->fd, why, sizeof(why));
	ck_assert_msg(r->v, "%s", why);
	if (greet)
		ck_assert_int_eq(rig_ask(r, VFU_VERSION, &hello, sizeof(hello), NULL, 0, NULL), 0);
}

static void drop_server(struct rig *r)
{
	vfu_free(r->v);
	r->v = NULL;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

void rig_close(struct rig *r)
{
	drop_server(r);
	close(r->peer);
	if (r->mem)
		munmap(r->mem, r->mem_size);
	if (r->mem_fd >= 0)
		close(r->mem_fd);
}

void rig_memory(struct rig *r, size_t size, bool map)
{
	r->mem_fd = memfd_create("rig", MFD_CLOEXEC);
	r->mem_size = size;
	ck_assert_int_eq(ftruncate(r->mem_fd, (off_t)size), 0);
	r->mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, r->mem_fd, 0);
	ck_assert(r->mem != MAP_FAILED);
	if (map)
		ck_assert_int_eq(rig_map(r, RIG_BASE, size, 0, 3, r->mem_fd), 0);
	rig_write(r, VFU_CONFIG, 4, 0x0007, 2);
}

void rig_serve(struct rig *r)
{
	for (r->state = VFU_MORE; r->v && (r->state == VFU_MORE || r->state == VFU_SLOW);) {
		r->state = vfu_receive(r->v);
		if (r->state == VFU_SLOW) {
			vfu_prepare(r->v);
			vfu_apply(r->v);
			vfu_dispose(r->v);
		}
		r->work = false;
		for (unsigned turns = 0; vfu_work(r->v) && turns < 100; turns++)
			r->work = false;
	}
	if (r->state != VFU_OVER || !r->v)
		return;
	snprintf(r->why, sizeof(r->why), "%s", vfu_why(r->v));
	drop_server(r);
}

void rig_raw(struct rig *r, const void *bytes, size_t len)
{
	ck_assert_int_eq(send(r->peer, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

void rig_send(struct rig *r, uint16_t command, uint32_t flags, const void *body, uint32_t len,
	      const int *fds, unsigned n_fds)
{
	struct vfu_hdr hdr = { .id = ++r->id, .command = command, .flags = flags };
	struct iovec iov[2] = { { &hdr, sizeof(hdr) }, { (void *)body, len } };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(64 * sizeof(int))];
	} control = { 0 };
	struct msghdr h = { .msg_iov = iov, .msg_iovlen = len ? 2 : 1 };
	struct cmsghdr *c;

	hdr.size = (uint32_t)sizeof(hdr) + len;
	if (n_fds) {
		h.msg_control = &control;
		h.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	ck_assert_int_eq(sendmsg(r->peer, &h, MSG_NOSIGNAL), (ssize_t)hdr.size);
}

bool rig_get(struct rig *r, struct answer *a)
{
	ssize_t n = recv(r->peer, &a->hdr, sizeof(a->hdr), MSG_DONTWAIT);

	if (n <= 0)
		return false;
	ck_assert_int_eq(n, sizeof(a->hdr));
	ck_assert_uint_le(a->hdr.size, sizeof(a->hdr) + sizeof(a->body));
	ck_assert_uint_eq(a->hdr.flags & VFU_TYPE, VFU_REPLY);
	a->len = a->hdr.size - (uint32_t)sizeof(a->hdr);
	if (a->len)
		ck_assert_int_eq(recv(r->peer, a->body, a->len, MSG_DONTWAIT), a->len);
	return true;
}

int rig_ask(struct rig *r, uint16_t command, const void *body, uint32_t len, const int *fds,
	    unsigned n_fds, struct answer *a)
{
	struct answer mine;

	a = a ? a : &mine;
	rig_send(r, command, 0, body, len, fds, n_fds);
	rig_serve(r);
	ck_assert(rig_get(r, a));
	ck_assert_uint_eq(a->hdr.id, r->id);
	ck_assert_uint_eq(a->hdr.command, command);
	return a->hdr.flags & VFU_ERROR ? (int)a->hdr.error : 0;
}

uint64_t rig_read(struct rig *r, uint32_t region, uint64_t off, uint32_t size)
{
	struct vfu_access at = { off, region, size };
	struct answer a;
	uint64_t val = 0;

	ck_assert_int_eq(rig_ask(r, VFU_REGION_READ, &at, sizeof(at), NULL, 0, &a), 0);
	ck_assert_uint_eq(a.len, sizeof(at) + size);
	memcpy(&val, a.body + sizeof(at), size);
	return val;
}

void rig_write(struct rig *r, uint32_t region, uint64_t off, uint64_t val, uint32_t size)
{
	struct {
		struct vfu_access at;
		uint64_t val;
	} m = { { off, region, size }, val };

	ck_assert_int_eq(
		rig_ask(r, VFU_REGION_WRITE, &m, (uint32_t)sizeof(m.at) + size, NULL, 0, NULL), 0);
}

int rig_map(struct rig *r, uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags, int fd)
{
	struct vfu_dma_map m = { sizeof(m), flags, offset, addr, size };

	return rig_ask(r, VFU_DMA_MAP, &m, sizeof(m), &fd, fd >= 0, NULL);
}

int rig_unmap(struct rig *r, uint64_t addr, uint64_t size, uint32_t flags)
{
	struct vfu_dma_unmap m = { sizeof(m), flags, addr, size };

	return rig_ask(r, VFU_DMA_UNMAP, &m, sizeof(m), NULL, 0, NULL);
}

int rig_irqs(struct rig *r, uint32_t index, uint32_t flags, uint32_t start, uint32_t count,
	     const int *fds, unsigned n_fds)
{
	struct vfu_irq_set m = { sizeof(m), flags, index, start, count };

	return rig_ask(r, VFU_SET_IRQS, &m, sizeof(m), fds, n_fds, NULL);
}

uint64_t rig_rung(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}
