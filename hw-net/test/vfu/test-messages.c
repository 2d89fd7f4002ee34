/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: what is answered, and what ends a connection. */
#define _GNU_SOURCE /* pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "toy-nic.h"
#include "unit.h"

static struct rig r;
static struct answer a;

/* The server has ended the connection, and says why. */
static void assert_over(const char *why)
{
	rig_serve(&r);
	ck_assert_ptr_null(r.v);
	ck_assert_msg(strstr(r.why, why), "'%s' has no '%s'", r.why, why);
}

static void hello(uint16_t major, uint16_t minor)
{
	struct {
		struct vfu_version ver;
		char text[20];
	} m = { { major, minor }, "{\"capabilities\":{}}" };

	rig_send(&r, VFU_VERSION, 0, &m, sizeof(m), NULL, 0);
	rig_serve(&r);
}

START_TEST(version_is_agreed_on)
{
	static const uint16_t minors[][2] = { { 0, 0 }, { 1, 1 }, { 7, 1 } };
	struct vfu_version ver;

	for (unsigned i = 0; i < 3; i++) {
		rig_open(&r, &toy_model, false);
		hello(0, minors[i][0]);
		ck_assert(rig_get(&r, &a));
		memcpy(&ver, a.body, sizeof(ver));
		ck_assert_uint_eq(ver.major, 0);
		ck_assert_uint_eq(ver.minor, minors[i][1]);
		ck_assert_uint_eq(a.body[a.len - 1], 0);
		ck_assert_ptr_nonnull(strstr((char *)a.body + 4, "\"max_msg_fds\":16"));
		ck_assert_ptr_nonnull(strstr((char *)a.body + 4, "\"write_multiple\":true"));
		rig_close(&r);
	}
}
END_TEST

START_TEST(another_version_is_refused)
{
	rig_open(&r, &toy_model, false);
	hello(1, 0);
	ck_assert(rig_get(&r, &a));
	ck_assert_uint_eq(a.hdr.error, EINVAL);
	assert_over("does not speak");
	rig_close(&r);
}
END_TEST

START_TEST(nothing_comes_before_the_version)
{
	for (uint16_t c = 0; c <= VFU_COMMANDS; c++) {
		if (c == VFU_VERSION)
			continue;
		rig_open(&r, &toy_model, false);
		rig_send(&r, c, 0, NULL, 0, NULL, 0);
		rig_serve(&r);
		ck_assert(rig_get(&r, &a));
		ck_assert_uint_eq(a.hdr.error, EPROTO);
		assert_over("does not speak");
		rig_close(&r);
	}
}
END_TEST

START_TEST(a_second_version_is_refused)
{
	rig_open(&r, &toy_model, true);
	hello(0, 0);
	ck_assert(rig_get(&r, &a));
	ck_assert_uint_eq(a.hdr.error, EINVAL);
	rig_read(&r, VFU_CONFIG, 0, 4);
	rig_close(&r);
}
END_TEST

/* struct sample - a message that is right, and its fixed part */
static const struct sample {
	uint16_t command;
	uint32_t len;
	union {
		struct vfu_dma_map map;
		struct vfu_dma_unmap unmap;
		struct vfu_device_info device;
		struct vfu_region_info region;
		struct vfu_irq_info irq;
		struct vfu_irq_set set;
		struct {
			struct vfu_access at;
			uint8_t data[8];
		} access;
		struct {
			uint64_t n;
			struct vfu_write_one one[2];
		} multi;
		uint8_t bytes[64];
	} body;
} samples[] = {
	{ VFU_DMA_MAP, sizeof(struct vfu_dma_map), { .map = { 32, 3, 0, 0x1000, 0x1000 } } },
	{ VFU_DMA_UNMAP, sizeof(struct vfu_dma_unmap), { .unmap = { 24, VFU_UNMAP_ALL, 0, 0 } } },
	{ VFU_DEVICE_INFO, sizeof(struct vfu_device_info), { .device = { .argsz = 16 } } },
	{ VFU_REGION_INFO,
	  sizeof(struct vfu_region_info),
	  { .region = { .argsz = 32, .index = VFU_CONFIG } } },
	{ VFU_IRQ_INFO, sizeof(struct vfu_irq_info), { .irq = { .argsz = 16 } } },
	{ VFU_SET_IRQS, sizeof(struct vfu_irq_set), { .set = { 20, 0x21, VFU_INTX, 0, 0 } } },
	{ VFU_REGION_READ, sizeof(struct vfu_access), { .access = { { 0, 0, 4 }, { 0 } } } },
	{ VFU_REGION_WRITE,
	  sizeof(struct vfu_access) + 4,
	  { .access = { { TOY_TXADDR, 0, 4 }, { 1 } } } },
	{ VFU_WRITE_MULTI,
	  8 + 2 * sizeof(struct vfu_write_one),
	  { .multi = { 2, { { { TOY_TXADDR, 0, 4 }, { 5 } }, { { TOY_TXLEN, 0, 4 }, { 6 } } } } } },
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

START_TEST(every_message_cut_short_is_refused)
{
	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		for (uint32_t len = 0; len < s->len; len++)
			ck_assert_int_eq(rig_ask(&r, s->command, &s->body, len, NULL, 0, NULL),
					 EINVAL);
		ck_assert_int_eq(rig_ask(&r, s->command, &s->body, s->len, NULL, 0, NULL), 0);
	}
	ck_assert_uint_eq(rig_read(&r, 0, TOY_TXADDR, 4), 5);
	ck_assert_uint_eq(rig_read(&r, 0, TOY_TXLEN, 4), 6);
	rig_close(&r);
}
END_TEST

START_TEST(every_word_of_every_message_may_be_wrong)
{
	static const uint32_t words[] = { 0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff };

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < SAMPLES; i++)
		for (uint32_t at = 0; at + 4 <= samples[i].len; at += 4)
			for (unsigned w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
				struct sample s = samples[i];

				memcpy(s.body.bytes + at, &words[w], 4);
				rig_ask(&r, s.command, &s.body, s.len, NULL, 0, NULL);
			}
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 0, 4), 0x56781234);
	rig_close(&r);
}
END_TEST

START_TEST(what_is_not_known_is_refused)
{
	static const uint16_t commands[] = { 0,
					     VFU_REGION_IO_FDS,
					     VFU_DMA_READ,
					     VFU_DMA_WRITE,
					     VFU_DIRTY_PAGES,
					     VFU_COMMANDS,
					     0xffff };

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		ck_assert_int_eq(rig_ask(&r, commands[i], NULL, 0, NULL, 0, NULL), ENOTSUP);
	rig_close(&r);
}
END_TEST

START_TEST(lengths_that_no_message_has_end_the_connection)
{
	static const uint32_t sizes[] = { 0, 15, VFU_MSG_MAX + 1, 0xffffffff };

	for (unsigned i = 0; i < 4; i++) {
		struct vfu_hdr hdr = { .command = VFU_RESET, .size = sizes[i] };

		rig_open(&r, &toy_model, true);
		rig_raw(&r, &hdr, sizeof(hdr));
		assert_over("length");
		rig_close(&r);
	}
}
END_TEST

START_TEST(answers_to_nothing_end_the_connection)
{
	rig_open(&r, &toy_model, true);
	rig_send(&r, VFU_DMA_MAP, VFU_REPLY, &samples[0].body, samples[0].len, NULL, 0);
	assert_over("answer");
	rig_close(&r);
}
END_TEST

START_TEST(who_wants_no_answer_gets_none)
{
	const struct sample *s = &samples[7];

	rig_open(&r, &toy_model, true);
	rig_send(&r, s->command, VFU_NO_REPLY, &s->body, s->len, NULL, 0);
	rig_send(&r, s->command, VFU_NO_REPLY, &s->body, s->len - 1, NULL, 0);
	rig_serve(&r);
	ck_assert(!rig_get(&r, &a));
	ck_assert_uint_eq(rig_read(&r, 0, TOY_TXADDR, 4), 1);
	rig_close(&r);
}
END_TEST

START_TEST(accesses_beyond_a_region_are_refused)
{
	static const struct vfu_access wrong[] = {
		{ 0x100, 0, 1 },
		{ 0xff, 0, 2 },
		{ UINT64_MAX, 0, 1 },
		{ 0, 0, 0 },
		{ 0, 0, 3 },
		{ 0, 0, 16 },
		{ 0, 1, 4 },
		{ 0, VFU_ROM, 4 },
		{ 0, VFU_VGA, 4 },
		{ 0, VFU_REGIONS, 4 },
		{ 0, 0xffffffff, 4 },
		{ 256, VFU_CONFIG, 1 },
		{ 1, VFU_CONFIG, 256 },
		{ 0, VFU_CONFIG, 4097 },
	};

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct {
			struct vfu_access at;
			uint8_t data[4200];
		} m = { wrong[i], { 0 } };

		ck_assert_int_eq(rig_ask(&r, VFU_REGION_READ, &m, sizeof(m.at), NULL, 0, NULL),
				 EINVAL);
		ck_assert_int_eq(rig_ask(&r, VFU_REGION_WRITE, &m, sizeof(m), NULL, 0, NULL),
				 EINVAL);
	}
	rig_close(&r);
}
END_TEST

START_TEST(several_writes_are_all_or_none)
{
	struct {
		uint64_t n;
		struct vfu_write_one one[2];
	} m = { 2, { { { TOY_TXADDR, 0, 4 }, { 5 } }, { { 0x100, 0, 4 }, { 6 } } } };

	rig_open(&r, &toy_model, true);
	ck_assert_int_eq(rig_ask(&r, VFU_WRITE_MULTI, &m, sizeof(m), NULL, 0, NULL), EINVAL);
	ck_assert_uint_eq(rig_read(&r, 0, TOY_TXADDR, 4), 0);
	m.n = UINT64_MAX / sizeof(m.one[0]) + 2; /* its product is a small number */
	ck_assert_int_eq(rig_ask(&r, VFU_WRITE_MULTI, &m, sizeof(m), NULL, 0, NULL), EINVAL);
	rig_close(&r);
}
END_TEST

START_TEST(messages_in_pieces)
{
	struct {
		struct vfu_hdr hdr;
		struct vfu_access at;
	} m = { { 7, VFU_REGION_READ, sizeof(m), 0, 0 }, { 0, VFU_CONFIG, 4 } };

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < sizeof(m); i++) {
		ck_assert(!rig_get(&r, &a));
		rig_raw(&r, (uint8_t *)&m + i, 1);
		rig_serve(&r);
	}
	ck_assert(rig_get(&r, &a));
	ck_assert_uint_eq(a.hdr.id, 7);
	rig_close(&r);
}
END_TEST

/* QEMU sends maps one after the other, each with a descriptor, and waits for the last answer. */
START_TEST(many_messages_at_once)
{
	struct vfu_dma_map map = { sizeof(map), 3, 0, 0, 0x1000 };
	struct vfu_stats stats;

	rig_open(&r, &toy_model, true);
	rig_memory(&r, 0x1000, false);
	for (unsigned i = 0; i < 20; i++) {
		map.addr = 0x1000 * i;
		rig_send(&r, VFU_DMA_MAP, 0, &map, sizeof(map), &r.mem_fd, i % 3 != 2);
	}
	rig_serve(&r);
	for (unsigned i = 0; i < 20; i++) {
		ck_assert(rig_get(&r, &a));
		ck_assert_uint_eq(a.hdr.flags, VFU_REPLY);
	}
	vfu_stats(r.v, &stats);
	ck_assert_uint_eq(stats.maps, 14);
	ck_assert_uint_eq(stats.unshared, 6);
	rig_close(&r);
}
END_TEST

/* Is the other end of a pipe closed everywhere? */
static bool is_gone(int fd)
{
	char c;

	return read(fd, &c, 1) == 0;
}

START_TEST(descriptors_that_nobody_wants_are_closed)
{
	static const uint16_t commands[] = { VFU_REGION_READ, VFU_RESET,   VFU_DMA_UNMAP,
					     VFU_SET_IRQS,    VFU_DMA_MAP, VFU_COMMANDS };

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < 6; i++) {
		int end[2];

		ck_assert_int_eq(pipe2(end, O_NONBLOCK | O_CLOEXEC), 0);
		rig_ask(&r, commands[i], NULL, 0, &end[1], 1, NULL);
		close(end[1]);
		rig_ask(&r, VFU_RESET, NULL, 0, NULL, 0, NULL);
		ck_assert(is_gone(end[0]));
		close(end[0]);
	}
	rig_close(&r);
}
END_TEST

START_TEST(too_many_descriptors_end_the_connection)
{
	int fds[VFU_FDS_MAX + 1], end[2];

	ck_assert_int_eq(pipe2(end, O_NONBLOCK | O_CLOEXEC), 0);
	for (unsigned i = 0; i <= VFU_FDS_MAX; i++)
		fds[i] = end[1];
	rig_open(&r, &toy_model, true);
	rig_send(&r, VFU_RESET, 0, NULL, 0, fds, VFU_FDS_MAX + 1);
	assert_over("too many descriptors");
	close(end[1]);
	ck_assert(is_gone(end[0]));
	close(end[0]);
	rig_close(&r);
}
END_TEST

START_TEST(descriptors_inside_a_message_end_the_connection)
{
	struct vfu_hdr hdr = { .command = VFU_RESET, .size = 1000 };
	int fd = 1;

	rig_open(&r, &toy_model, true);
	rig_raw(&r, &hdr, sizeof(hdr));
	rig_send(&r, VFU_RESET, 0, NULL, 0, &fd, 1);
	rig_send(&r, VFU_RESET, 0, NULL, 0, &fd, 1);
	rig_serve(&r); /* a read ends behind descriptors */
	assert_over("in the middle");
	rig_close(&r);
}
END_TEST

START_TEST(a_client_that_reads_no_answers_waits)
{
	const struct sample *s = &samples[6];
	struct vfu_stats stats;
	unsigned asked = 0, got = 0;

	rig_open(&r, &toy_model, true);
	fcntl(r.peer, F_SETFL, O_NONBLOCK);
	do {
		for (unsigned i = 0; i < 50; i++, asked++)
			rig_send(&r, s->command, 0, &s->body, s->len, NULL, 0);
		rig_serve(&r);
	} while (r.state != VFU_FULL);
	vfu_stats(r.v, &stats);
	ck_assert_uint_lt(stats.reads, asked);
	while (got < asked) {
		while (rig_get(&r, &a))
			got++;
		rig_serve(&r);
	}
	ck_assert_int_eq(r.state, VFU_IDLE);
	rig_close(&r);
}
END_TEST

START_TEST(a_client_that_leaves_is_noticed)
{
	rig_open(&r, &toy_model, true);
	close(r.peer);
	r.peer = dup(0);
	assert_over("connection closed");
	rig_close(&r);
}
END_TEST

START_TEST(information_is_the_models)
{
	for (const struct hwnet_model *const *m = hwnet_models(); *m; m++) {
		struct vfu_device_info device = { .argsz = sizeof(device) };
		struct vfu_region_info region = { .argsz = sizeof(region) };
		struct vfu_irq_info irq = { .argsz = sizeof(irq) };
		struct hwnet_pci ids;

		rig_open(&r, *m, true);
		hwnet_pci(vfu_nic(r.v), &ids);
		ck_assert_int_eq(rig_ask(&r, VFU_DEVICE_INFO, &device, sizeof(device), NULL, 0, &a),
				 0);
		memcpy(&device, a.body, sizeof(device));
		ck_assert_uint_eq(device.flags, VFU_DEVICE_PCI | VFU_DEVICE_RESET);
		ck_assert_uint_eq(device.regions, 9);
		ck_assert_uint_eq(device.irqs, 5);
		for (region.index = 0; region.index < VFU_BARS; region.index++) {
			struct vfu_region_info is;

			ck_assert_int_eq(
				rig_ask(&r, VFU_REGION_INFO, &region, sizeof(region), NULL, 0, &a),
				0);
			memcpy(&is, a.body, sizeof(is));
			ck_assert_uint_eq(is.size, ids.bars[region.index].kind ?
							   ids.bars[region.index].size :
							   0);
			ck_assert_uint_eq(is.flags, is.size ? 3 : 0);
		}
		irq.index = VFU_MSIX;
		ck_assert_int_eq(rig_ask(&r, VFU_IRQ_INFO, &irq, sizeof(irq), NULL, 0, &a), 0);
		memcpy(&irq, a.body, sizeof(irq));
		ck_assert_uint_eq(irq.count, ids.msix_vectors);
		rig_close(&r);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		version_is_agreed_on,
		another_version_is_refused,
		nothing_comes_before_the_version,
		a_second_version_is_refused,
		every_message_cut_short_is_refused,
		every_word_of_every_message_may_be_wrong,
		what_is_not_known_is_refused,
		lengths_that_no_message_has_end_the_connection,
		answers_to_nothing_end_the_connection,
		who_wants_no_answer_gets_none,
		accesses_beyond_a_region_are_refused,
		several_writes_are_all_or_none,
		messages_in_pieces,
		many_messages_at_once,
		descriptors_that_nobody_wants_are_closed,
		too_many_descriptors_end_the_connection,
		descriptors_inside_a_message_end_the_connection,
		a_client_that_reads_no_answers_waits,
		a_client_that_leaves_is_noticed,
		information_is_the_models,
		NULL,
	};

	return unit_main("vfu-messages", tests);
}
