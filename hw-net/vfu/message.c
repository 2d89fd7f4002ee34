/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that are answered at once; see vfu.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vfu/priv.h"

/* What we take and give, as clients are told */
static const char capabilities[] = "{\"capabilities\":{\"max_msg_fds\":16,"
				   "\"max_data_xfer_size\":4096,\"pgsizes\":4096,"
				   "\"max_dma_maps\":509,\"write_multiple\":true}}";

_Static_assert(VFU_FDS_MAX == 16 && VFU_DATA_MAX == 4096 && PEER_MEM_SLOTS == 509,
	       "capabilities says so");

/* Copy the fixed part of a body. False: it is shorter */
static bool get(const struct vfu_msg *m, void *to, uint32_t size)
{
	if (m->len < size)
		return false;
	memcpy(to, m->body, size);
	return true;
}

static void put(struct vfu *v, const struct vfu_msg *m, const void *body, uint32_t size)
{
	memcpy(vfu_channel_room(&v->ch), body, size);
	vfu_answer(v, m, 0, size);
}

/* A client that speaks another protocol can say nothing that we understand */
static int on_version(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_version ver;
	uint8_t *at = vfu_channel_room(&v->ch);

	if (v->greeted || !get(m, &ver, sizeof(ver)) || ver.major != VFU_MAJOR)
		return EINVAL;
	if (m->len > sizeof(ver) && m->body[m->len - 1])
		return EINVAL; /* a text has an end */
	ver.minor = ver.minor < VFU_MINOR ? ver.minor : VFU_MINOR;
	memcpy(at, &ver, sizeof(ver));
	memcpy(at + sizeof(ver), capabilities, sizeof(capabilities));
	vfu_answer(v, m, 0, sizeof(ver) + sizeof(capabilities));
	v->greeted = true;
	return 0;
}

static int on_device_info(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_device_info info;

	if (!get(m, &info, sizeof(info)) || info.argsz < sizeof(info))
		return EINVAL;
	info.argsz = sizeof(info);
	info.flags = VFU_DEVICE_PCI | VFU_DEVICE_RESET;
	info.regions = VFU_REGIONS;
	info.irqs = VFU_IRQS;
	put(v, m, &info, sizeof(info));
	return 0;
}

/* Bytes of a region; 0: there is none */
static uint32_t region_size(const struct vfu *v, uint32_t index)
{
	if (index < VFU_BARS && v->ids.bars[index].kind != HWNET_BAR_NONE)
		return v->ids.bars[index].size;
	return index == VFU_CONFIG ? VFU_SPACE : 0;
}

static int on_region_info(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_region_info info;

	if (!get(m, &info, sizeof(info)) || info.argsz < sizeof(info) || info.index >= VFU_REGIONS)
		return EINVAL;
	info.argsz = sizeof(info);
	info.size = region_size(v, info.index);
	info.flags = info.size ? VFU_REGION_READABLE | VFU_REGION_WRITABLE : 0;
	info.cap = 0;
	info.offset = 0;
	put(v, m, &info, sizeof(info));
	return 0;
}

static int on_irq_info(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_irq_info info;

	if (!get(m, &info, sizeof(info)) || info.argsz < sizeof(info) || info.index >= VFU_IRQS)
		return EINVAL;
	info.argsz = sizeof(info);
	info.count = vfu_irqs_count(&v->irqs, info.index);
	info.flags = info.count ? VFU_IRQ_EVENTFD : 0;
	if (info.index == VFU_INTX)
		info.flags |= VFU_IRQ_MASKABLE | VFU_IRQ_AUTOMASKED;
	put(v, m, &info, sizeof(info));
	return 0;
}

/* What masks; the others are slow. */
static int on_set_irqs(struct vfu *v, struct vfu_msg *m)
{
	int error = vfu_irqs_check(&v->irqs, m);

	if (error)
		return error;
	vfu_irqs_set(&v->irqs, m);
	vfu_irqs_update(&v->irqs, &v->space);
	vfu_answer(v, m, 0, 0);
	return 0;
}

/* ---- accesses ---- */

/* What of the BAR of MSI-X an access means; NULL: nothing is there */
static uint8_t *msix_bytes(struct vfu *v, uint64_t off, uint32_t n, bool write)
{
	uint32_t table = 16u * v->ids.msix_vectors;
	uint32_t pending = (v->ids.msix_vectors + 63u) / 64 * 8;

	if (off >= v->ids.msix_table && off - v->ids.msix_table + n <= table)
		return v->table + (off - v->ids.msix_table);
	if (!write && off >= v->ids.msix_pba && off - v->ids.msix_pba + n <= pending)
		return v->irqs.pending + (off - v->ids.msix_pba);
	return NULL;
}

static bool is_msix(const struct vfu *v, uint32_t region)
{
	return v->ids.msix_vectors && region == v->ids.msix_bar;
}

static void read_bar(struct vfu *v, const struct vfu_access *a, uint8_t *to)
{
	uint64_t val = UINT64_MAX;

	if (is_msix(v, a->region)) {
		const uint8_t *at = msix_bytes(v, a->offset, a->count, false);

		memset(to, 0, a->count);
		if (at)
			memcpy(to, at, a->count);
		return;
	}
	if (!v->asleep) {
		v->busy = true;
		val = hwnet_read(v->nic, a->region, a->offset, a->count);
		v->busy = false;
	}
	memcpy(to, &val, a->count);
}

static void write_bar(struct vfu *v, const struct vfu_access *a, const uint8_t *from)
{
	uint64_t val = 0;

	if (is_msix(v, a->region)) {
		uint8_t *at = msix_bytes(v, a->offset, a->count, true);

		if (at)
			memcpy(at, from, a->count);
		return;
	}
	if (v->asleep)
		return;
	memcpy(&val, from, a->count);
	v->busy = true;
	hwnet_write(v->nic, a->region, a->offset, val, a->count);
	v->busy = false;
	if (hwnet_rx_caps(v->nic) != v->caps)
		vfu_later(v, VFU_TELL_LINK);
}

static void write_config(struct vfu *v, const struct vfu_access *a, const uint8_t *from)
{
	unsigned was = vfu_space_power(&v->space);

	vfu_space_write(&v->space, (unsigned)a->offset, a->count, from);
	vfu_config_changed(v, was);
}

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

/* Is there what an access means? Registers are reached by 1, 2, 4 or 8 bytes. */
static bool reaches(const struct vfu *v, const struct vfu_access *a)
{
	uint32_t size = a->region < VFU_REGIONS ? region_size(v, a->region) : 0;

	if (!a->count || a->offset >= size || a->count > size - a->offset)
		return false;
	return a->region == VFU_CONFIG || (a->count <= 8 && is_power_of_two(a->count));
}

static int on_region_read(struct vfu *v, struct vfu_msg *m)
{
	uint8_t *at = vfu_channel_room(&v->ch);
	struct vfu_access a;

	if (!get(m, &a, sizeof(a)) || !reaches(v, &a))
		return EINVAL;
	v->stats.reads++;
	memcpy(at, &a, sizeof(a));
	if (a.region == VFU_CONFIG)
		vfu_space_read(&v->space, (unsigned)a.offset, a.count, at + sizeof(a));
	else
		read_bar(v, &a, at + sizeof(a));
	vfu_answer(v, m, 0, (uint32_t)sizeof(a) + a.count);
	return 0;
}

static void write_region(struct vfu *v, const struct vfu_access *a, const uint8_t *from)
{
	v->stats.writes++;
	if (a->region == VFU_CONFIG)
		write_config(v, a, from);
	else
		write_bar(v, a, from);
}

static int on_region_write(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_access a;

	if (!get(m, &a, sizeof(a)) || !reaches(v, &a) || m->len - sizeof(a) < a.count)
		return EINVAL;
	write_region(v, &a, m->body + sizeof(a));
	put(v, m, &a, sizeof(a));
	return 0;
}

/* All of them, or none */
static int on_write_multi(struct vfu *v, struct vfu_msg *m)
{
	struct vfu_write_one one;
	uint64_t n;

	if (!get(m, &n, sizeof(n)) || n > (m->len - sizeof(n)) / sizeof(one))
		return EINVAL;
	for (unsigned pass = 0; pass < 2; pass++)
		for (uint64_t i = 0; i < n; i++) {
			memcpy(&one, m->body + sizeof(n) + i * sizeof(one), sizeof(one));
			if (!reaches(v, &one.at) || one.at.count > sizeof(one.data))
				return EINVAL;
			if (pass)
				write_region(v, &one.at, one.data);
		}
	put(v, m, &n, sizeof(n));
	return 0;
}

static int on_reset(struct vfu *v, struct vfu_msg *m)
{
	vfu_reset(v);
	vfu_answer(v, m, 0, 0);
	return 0;
}

static int (*const handlers[VFU_COMMANDS])(struct vfu *v, struct vfu_msg *m) = {
	[VFU_VERSION] = on_version,
	[VFU_DEVICE_INFO] = on_device_info,
	[VFU_REGION_INFO] = on_region_info,
	[VFU_IRQ_INFO] = on_irq_info,
	[VFU_SET_IRQS] = on_set_irqs,
	[VFU_REGION_READ] = on_region_read,
	[VFU_REGION_WRITE] = on_region_write,
	[VFU_WRITE_MULTI] = on_write_multi,
	[VFU_RESET] = on_reset,
};

static int carry_out(struct vfu *v, struct vfu_msg *m)
{
	unsigned command = m->hdr.command;

	if (!v->greeted && command != VFU_VERSION)
		return EPROTO;
	if (command >= VFU_COMMANDS || !handlers[command])
		return ENOTSUP;
	return handlers[command](v, m);
}

bool vfu_is_request(struct vfu *v, const struct vfu_msg *m)
{
	if ((m->hdr.flags & VFU_TYPE) == VFU_REQUEST)
		return true;
	v->ch.why = "an answer to nothing";
	return false;
}

void vfu_refuse(struct vfu *v, const struct vfu_msg *m, int error)
{
	vfu_answer(v, m, error, 0);
	if (!v->greeted)
		v->ch.why = "the client does not speak vfio-user 0.x";
}

void vfu_handle(struct vfu *v, struct vfu_msg *m)
{
	int error;

	if (!vfu_is_request(v, m))
		return;
	error = carry_out(v, m);
	if (error)
		vfu_refuse(v, m, error);
}
