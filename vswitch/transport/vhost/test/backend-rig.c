/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* memfd_create() */
#include "backend-rig.h"

#include <check.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct vhost_backend *be;
struct vhost_message m, reply;
unsigned parks;
static int fds[VHOST_TABLE];
static unsigned n_fds;

static void park(void *opaque)
{
	parks++;
}

static const struct vhost_host host = { park };

void make(unsigned pairs)
{
	const struct vhost_conf conf = { .pairs = pairs, .mtu = 9000 };

	be = vsw_vhost_backend_new(&conf, &host, NULL);
	n_fds = 0;
}

void with_fd(int fd)
{
	fds[n_fds++] = fd;
}

int give(uint32_t request, uint32_t size)
{
	int ret;

	m.request = request;
	m.size = size;
	m.flags |= VHOST_VERSION;
	memset(&reply, 0, sizeof(reply));
	ret = vsw_vhost_backend_message(be, &m, fds, n_fds, &reply);
	for (unsigned i = 0; i < n_fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	n_fds = 0;
	vsw_vhost_backend_settle(be);
	memset(&m, 0, sizeof(m));
	return ret;
}

int word(uint32_t request, uint64_t v)
{
	m.payload.u64 = v;
	return give(request, 8);
}

int state(uint32_t request, uint32_t i, uint32_t num)
{
	m.payload.state.index = i;
	m.payload.state.num = num;
	return give(request, 8);
}

uint64_t ask(uint32_t request)
{
	ck_assert_int_eq(give(request, 0), 1);
	ck_assert_uint_eq(reply.request, request);
	ck_assert_uint_eq(reply.flags, VHOST_VERSION | VHOST_REPLY);
	ck_assert_uint_eq(reply.size, 8);
	return reply.payload.u64;
}

int memory(uint64_t bytes)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	ck_assert_int_eq(ftruncate(fd, (off_t)bytes), 0);
	return fd;
}

int region(uint32_t request, struct peer_range r)
{
	m.payload.region.range = r;
	return give(request, sizeof(m.payload.region));
}

int add(unsigned i)
{
	const struct peer_range r = { GPA + i * REGION, REGION, UVA + i * REGION, 0 };

	with_fd(memory(REGION));
	return region(VHOST_ADD_MEM_REG, r);
}

int addr(uint32_t i, uint64_t at)
{
	m.payload.addr.index = i;
	m.payload.addr.desc = at;
	m.payload.addr.avail = at + 0x1000;
	m.payload.addr.used = at + 0x2000;
	return give(VHOST_SET_VRING_ADDR, sizeof(m.payload.addr));
}

int kick(uint32_t i)
{
	with_fd(eventfd(0, EFD_CLOEXEC));
	return word(VHOST_SET_VRING_KICK, i);
}

void start(uint32_t i, uint32_t base)
{
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, i, 64), 0);
	ck_assert_int_eq(state(VHOST_SET_VRING_BASE, i, base), 0);
	ck_assert_int_eq(addr(i, UVA + 0x4000 * i), 0);
	with_fd(eventfd(0, EFD_CLOEXEC));
	ck_assert_int_eq(word(VHOST_SET_VRING_CALL, i), 0);
	ck_assert_int_eq(kick(i), 0);
}

void features(uint64_t more)
{
	uint64_t f = VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES) |
		     VIRTIO_BIT(VIRTIO_NET_F_MRG_RXBUF) | more;

	ck_assert_int_eq(word(VHOST_SET_FEATURES, f), 0);
	ck_assert_int_eq(
		word(VHOST_SET_PROTOCOL_FEATURES,
		     VIRTIO_BIT(VHOST_PROTOCOL_REPLY_ACK) | VIRTIO_BIT(VHOST_PROTOCOL_LOG_SHMFD)),
		0);
}

void bring_up(void)
{
	make(1);
	features(0);
	ck_assert_int_eq(add(0), 0);
	for (uint32_t i = 0; i < 2; i++) {
		ck_assert_int_eq(state(VHOST_SET_VRING_ENABLE, i, 1), 0);
		start(i, 0);
	}
	ck_assert_msg(be->link, "%s", be->why);
}
