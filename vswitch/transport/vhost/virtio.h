/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layouts and numbers of the virtio specification (OASIS, version 1.2) that a network device needs:
 * rings in shared memory, the header of a frame, feature bits.
 *
 * All numbers in shared memory are little-endian. A descriptor is accessed as two 64-bit words, so
 * that one load takes a consistent copy of length, id and flags.
 */
#ifndef VSWITCH_VHOST_VIRTIO_H
#define VSWITCH_VHOST_VIRTIO_H

#include <endian.h>
#include <stdint.h>

/* enum virtio_feature - bits of the feature word (5.1.3, 6); bits 24 to 41 concern the rings */
enum virtio_feature {
	VIRTIO_NET_F_CSUM = 0,	     /* device takes frames with an unfinished checksum */
	VIRTIO_NET_F_GUEST_CSUM = 1, /* driver does */
	VIRTIO_NET_F_MTU = 3,
	VIRTIO_NET_F_GUEST_TSO4 = 7,
	VIRTIO_NET_F_GUEST_TSO6 = 8,
	VIRTIO_NET_F_GUEST_ECN = 9,
	VIRTIO_NET_F_HOST_TSO4 = 11,
	VIRTIO_NET_F_HOST_TSO6 = 12,
	VIRTIO_NET_F_HOST_ECN = 13,
	VIRTIO_NET_F_MRG_RXBUF = 15,
	VIRTIO_NET_F_GUEST_ANNOUNCE = 21,
	VIRTIO_NET_F_MQ = 22,
	VIRTIO_NET_F_GUEST_USO4 = 54,
	VIRTIO_NET_F_GUEST_USO6 = 55,
	VIRTIO_NET_F_HOST_USO = 56,

	VHOST_F_LOG_ALL = 26, /* vhost-user: log every page that is written */
	VIRTIO_F_ANY_LAYOUT = 27,
	VIRTIO_F_INDIRECT_DESC = 28,
	VIRTIO_F_EVENT_IDX = 29,
	VHOST_USER_F_PROTOCOL_FEATURES = 30,
	VIRTIO_F_VERSION_1 = 32,
	VIRTIO_F_RING_PACKED = 34,
	VIRTIO_F_IN_ORDER = 35,
};

#define VIRTIO_BIT(feature) (UINT64_C(1) << (feature))

/* Flags of a descriptor (2.7.5, 2.8.5) */
#define VRING_F_NEXT	 1u
#define VRING_F_WRITE	 2u
#define VRING_F_INDIRECT 4u
#define VRING_F_AVAIL	 (1u << 7) /* packed ring only, as the next */
#define VRING_F_USED	 (1u << 15)

/** VRING_MAX - Most entries of a ring (2.7, 2.8). */
#define VRING_MAX 32768u

/**
 * struct vring_desc - A descriptor in memory, split or packed
 * @addr: Guest-physical address of the buffer
 * @rest: Length in bits 0-31. Split: flags in 32-47, next in 48-63. Packed: buffer id in 32-47,
 *        flags in 48-63
 */
struct vring_desc {
	uint64_t addr, rest;
};

/**
 * struct vring_avail - What the driver offers in a split ring (2.7.6)
 * @flags: 1: no interrupts wanted
 * @idx:   Where the next will go, modulo 65536
 * @ring:  Heads of chains; behind the last one is used_event
 */
struct vring_avail {
	uint16_t flags, idx, ring[];
};

/**
 * struct vring_used - What the device gives back in a split ring (2.7.8)
 * @flags: 1: no kicks wanted
 * @idx:   Where the next will go, modulo 65536
 * @ring:  Head of a chain in bits 0-31, bytes written in 32-63; behind the last one is avail_event.
 *         An entry has an alignment of 4 only
 */
struct vring_used {
	uint16_t flags, idx;
	struct {
		uint32_t id, len;
	} ring[];
};

#define VRING_NO_NOTIFY 1u /* flags of either */

/**
 * struct vring_event - What one side of a packed ring wants to be told (2.8.14)
 * @word: Ring offset in bits 0-14, wrap counter in 15, VRING_EVENT_* in 16-17
 */
struct vring_event {
	uint32_t word;
};

#define VRING_EVENT_ENABLE  (0u << 16)
#define VRING_EVENT_DISABLE (1u << 16)
#define VRING_EVENT_DESC    (2u << 16)
#define VRING_EVENT_FLAGS   (3u << 16)

/* Flags of struct vnet_hdr */
#define VNET_NEEDS_CSUM 1u
#define VNET_DATA_VALID 2u

/**
 * struct vnet_hdr - What stands before each frame (5.1.6)
 * @flags:       VNET_NEEDS_CSUM, VNET_DATA_VALID
 * @gso_type:    enum pkt_gso (hwnet/pkt.h has the same numbers)
 * @hdr_len:     Length of the headers: a hint
 * @gso_size: @csum_start: @csum_offset: as in struct pkt
 * @num_buffers: Received frames: chains that the frame lies in. Not there for drivers of before
 *               version 1 that do not merge buffers (VNET_HDR_LEGACY)
 */
struct vnet_hdr {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
};

#define VNET_HDR_LEN	sizeof(struct vnet_hdr)
#define VNET_HDR_LEGACY 10u

#endif
