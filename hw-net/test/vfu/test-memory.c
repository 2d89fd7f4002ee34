/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest memory: what is mapped, what the card does with it, what a client may not bring about. */
#define _GNU_SOURCE /* memfd_create() */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hwnet/copy.h"
#include "rig.h"
#include "toy-nic.h"
#include "unit.h"

#define SIZE 0x10000u

static struct rig r, other;

static void open_toy(bool map)
{
	rig_open(&r, &toy_model, true);
	rig_memory(&r, SIZE, map);
}

static void send_one(struct rig *rig, uint32_t addr, uint32_t len)
{
	rig_write(rig, 0, TOY_TXADDR, addr, 4);
	rig_write(rig, 0, TOY_TXLEN, len, 4);
	rig_write(rig, 0, TOY_DOORBELL, 1, 4);
}

START_TEST(a_frame_leaves_guest_memory)
{
	open_toy(true);
	memset(r.mem + 0x100, 0x5a, 100);
	send_one(&r, RIG_BASE + 0x100, 100);
	ck_assert_uint_eq(r.sent, 1);
	ck_assert_uint_eq(r.len, 100);
	ck_assert_mem_eq(r.frame, r.mem + 0x100, 100);
	rig_close(&r);
}
END_TEST

START_TEST(a_frame_arrives_in_guest_memory)
{
	uint8_t bytes[60] = "some frame";
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *list[] = { &pkt };

	open_toy(true);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	rig_write(&r, 0, TOY_RXADDR, RIG_BASE + 0x200, 4);
	ck_assert_uint_eq(vfu_rx(r.v, list, 1), 0);
	rig_write(&r, 0, TOY_RXLEN, 200, 4);
	ck_assert_uint_gt(r.rx_ready, 0);
	ck_assert_uint_eq(vfu_rx(r.v, list, 1), 1);
	ck_assert_mem_eq(r.mem + 0x200, bytes, sizeof(bytes));
	rig_close(&r);
}
END_TEST

START_TEST(frames_that_are_not_taken_stay)
{
	open_toy(true);
	r.takes = 0;
	send_one(&r, RIG_BASE, 60);
	ck_assert_uint_eq(r.sent, 0);
	r.takes = 1;
	vfu_tx_ready(r.v);
	rig_serve(&r);
	ck_assert_uint_eq(r.sent, 1);
	rig_close(&r);
}
END_TEST

/* The card masters the bus only while the guest lets it, and not asleep. */
START_TEST(no_memory_without_bus_mastering)
{
	open_toy(true);
	rig_write(&r, VFU_CONFIG, 4, 0x0003, 2);
	send_one(&r, RIG_BASE, 60);
	ck_assert_uint_eq(r.sent, 0);
	rig_write(&r, VFU_CONFIG, 4, 0x0007, 2);
	ck_assert_uint_eq(r.sent, 1);
	rig_close(&r);
}
END_TEST

START_TEST(maps_that_cannot_be_are_refused)
{
	int dev = open("/dev/zero", O_RDWR | O_CLOEXEC), file = open(".", O_RDONLY | O_CLOEXEC);

	open_toy(true);
	ck_assert_int_eq(rig_map(&r, RIG_BASE, SIZE, 0, 3, r.mem_fd), EINVAL); /* there */
	ck_assert_int_eq(rig_map(&r, RIG_BASE + SIZE - 0x1000, 0x2000, 0, 3, r.mem_fd), EINVAL);
	ck_assert_int_eq(rig_map(&r, RIG_BASE - 0x1000, 0x2000, 0, 3, r.mem_fd), EINVAL);
	ck_assert_int_eq(rig_map(&r, 0x1001, 0x1000, 0, 3, r.mem_fd), EINVAL); /* aligned */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1001, 0, 3, r.mem_fd), EINVAL);
	ck_assert_int_eq(rig_map(&r, 0x1000, 0, 0, 3, r.mem_fd), EINVAL);	  /* empty */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, SIZE, 3, r.mem_fd), EINVAL); /* beyond */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, ~0xfffull, 3, r.mem_fd), EINVAL);
	ck_assert_int_eq(rig_map(&r, ~0xfffull, 0x2000, 0, 3, r.mem_fd), EINVAL);    /* wraps */
	ck_assert_int_eq(rig_map(&r, 0x200000, 1ull << 62, 0, 3, r.mem_fd), EINVAL); /* huge */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, 0, 0, r.mem_fd), EINVAL);	     /* no rights */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, 0, 7, r.mem_fd), EINVAL);
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, 0, 3, dev), EINVAL); /* no memory */
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, 0, 3, file), EINVAL);
	ck_assert_int_eq(rig_map(&r, 0x1000, 0x1000, 0x1000, 3, r.mem_fd), 0);
	close(dev);
	close(file);
	rig_close(&r);
}
END_TEST

START_TEST(maps_have_a_number)
{
	struct vfu_stats stats;
	unsigned n = 0;

	open_toy(false);
	while (rig_map(&r, 0x1000ull * n, 0x1000, 0, 3, n % 2 ? r.mem_fd : -1) == 0)
		n++;
	ck_assert_uint_eq(n, 509);
	ck_assert_int_eq(rig_unmap(&r, 0, 0, VFU_UNMAP_ALL), 0);
	vfu_stats(r.v, &stats);
	ck_assert_uint_eq(stats.maps + stats.unshared, 0);
	ck_assert_int_eq(rig_map(&r, 0, 0x1000, 0, 3, r.mem_fd), 0);
	rig_close(&r);
}
END_TEST

START_TEST(what_is_unmapped_is_out_of_reach)
{
	open_toy(true);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE - 0x1000, 0), ENOENT);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE, VFU_UNMAP_BITMAP), EINVAL);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE, VFU_UNMAP_ALL), EINVAL);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE, 0), 0);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE, 0), ENOENT);
	send_one(&r, RIG_BASE, 60);
	ck_assert_uint_eq(r.sent, 0);
	rig_close(&r);
}
END_TEST

START_TEST(memory_that_is_not_shared_is_out_of_reach)
{
	open_toy(false);
	ck_assert_int_eq(rig_map(&r, RIG_BASE, SIZE, 0, 3, -1), 0);
	send_one(&r, RIG_BASE, 60);
	ck_assert_uint_eq(r.sent, 0);
	rig_close(&r);
}
END_TEST

START_TEST(memory_for_reading_is_not_written)
{
	uint8_t bytes[60] = "some frame";
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *list[] = { &pkt };

	open_toy(false);
	ck_assert_int_eq(rig_map(&r, RIG_BASE, SIZE, 0, VFU_DMA_READABLE, r.mem_fd), 0);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	rig_write(&r, 0, TOY_RXADDR, RIG_BASE, 4);
	rig_write(&r, 0, TOY_RXLEN, 200, 4);
	vfu_rx(r.v, list, 1);
	ck_assert_uint_eq(r.mem[0], 0);
	send_one(&r, RIG_BASE, 60);
	ck_assert_uint_eq(r.sent, 1);
	rig_close(&r);
}
END_TEST

START_TEST(pieces_of_memory_meet)
{
	open_toy(false);
	ck_assert_int_eq(rig_map(&r, RIG_BASE, 0x1000, 0x3000, 3, r.mem_fd), 0);
	ck_assert_int_eq(rig_map(&r, RIG_BASE + 0x1000, 0x1000, 0x1000, 3, r.mem_fd), 0);
	memset(r.mem + 0x3fe0, 1, 0x20);
	memset(r.mem + 0x1000, 2, 0x20);
	send_one(&r, RIG_BASE + 0xfe0, 0x40);
	ck_assert_uint_eq(r.len, 0x40);
	ck_assert_uint_eq(r.frame[0x1f], 1);
	ck_assert_uint_eq(r.frame[0x20], 2);
	rig_close(&r);
}
END_TEST

/* Its pages are gone: what touches them finds zeros, and others are as before. */
START_TEST(memory_that_is_taken_away_harms_nobody_else)
{
	open_toy(true);
	rig_open(&other, &toy_model, true);
	rig_memory(&other, SIZE, true);
	ck_assert_int_eq(ftruncate(r.mem_fd, 0), 0);
	send_one(&r, RIG_BASE, 60);
	ck_assert(vfu_broken(r.v));
	memset(other.mem, 7, 60);
	send_one(&other, RIG_BASE, 60);
	ck_assert(!vfu_broken(other.v));
	ck_assert_uint_eq(other.frame[59], 7);
	rig_close(&r);
	rig_close(&other);
}
END_TEST

START_TEST(a_reset_stops_the_card)
{
	open_toy(true);
	rig_write(&r, 0, TOY_TIMER, 5, 4);
	ck_assert_int_eq(r.deadline, 5000);
	ck_assert_int_eq(rig_ask(&r, VFU_RESET, NULL, 0, NULL, 0, NULL), 0);
	ck_assert_int_eq(r.deadline, HWNET_NEVER);
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 4, 2), 0);
	ck_assert(r.changed & VFU_CHANGED_LINK);
	rig_close(&r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_frame_leaves_guest_memory,
		a_frame_arrives_in_guest_memory,
		frames_that_are_not_taken_stay,
		no_memory_without_bus_mastering,
		maps_that_cannot_be_are_refused,
		maps_have_a_number,
		what_is_unmapped_is_out_of_reach,
		memory_that_is_not_shared_is_out_of_reach,
		memory_for_reading_is_not_written,
		pieces_of_memory_meet,
		memory_that_is_taken_away_harms_nobody_else,
		a_reset_stops_the_card,
		NULL,
	};

	return unit_main("vfu-memory", tests);
}
