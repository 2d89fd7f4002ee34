/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtio_net_hdr of a frame, into the words of struct pkt and out of them.
 *
 * DOC: Theory of Operation
 *
 * A header comes from a party that may lie. Its words are believed only as far as the frame's own
 * bytes bear them out, in the private head that nobody can change any more:
 *
 *  - A checksum stays unfinished only where nobody judges by it (hwnet/words.h). Any other is
 *    computed at once.
 *  - A message must pass gso_check(); where its headers end is read from them, since hdr_len is a
 *    hint.
 *  - VNET_DATA_VALID is not for drivers to say (virtio 1.2, 5.1.6.2.1) and is ignored.
 */
#ifndef VSWITCH_VHOST_VNET_HDR_H
#define VSWITCH_VHOST_VNET_HDR_H

#include <stdbool.h>

#include "hwnet/gso.h"
#include "virtio.h"

/**
 * vsw_vnet_plain() - Does a header ask for nothing?
 * @h: The header
 *
 * Return: true if the frame is finished: the other words do not count then.
 */
static inline bool vsw_vnet_plain(const struct vnet_hdr *h)
{
	return !((h->flags & VNET_NEEDS_CSUM) | h->gso_type);
}

/**
 * vsw_vnet_head() - How many bytes of a frame must be private before its header can be judged
 * @h:   The header
 * @len: Length of the frame
 *
 * Return: bytes, at most @len; 0: the header's words lie beyond what is dealt with, drop the frame.
 */
uint32_t vsw_vnet_head(const struct vnet_hdr *h, uint32_t len);

/**
 * vsw_vnet_words() - Judge a header, and put its words into the frame
 * @h:    The header
 * @pkt:  The frame, all words 0; @iov, @iovcnt, @len set
 * @head: The bytes of iov[0], private, at least vsw_vnet_head(); a checksum may be put there
 *
 * Return: NULL, or what is wrong: drop the frame.
 */
const char *vsw_vnet_words(const struct vnet_hdr *h, struct pkt *pkt, uint8_t *head);

/**
 * vsw_vnet_from() - Make the header of a frame
 * @pkt:   The frame
 * @valid: The receiver wants to know of verified checksums (VIRTIO_NET_F_GUEST_CSUM)
 *
 * Return: the header; @num_buffers is 1.
 */
static inline struct vnet_hdr vsw_vnet_from(const struct pkt *pkt, bool valid)
{
	struct vnet_hdr h = { .num_buffers = htole16(1) };

	if (pkt->flags & PKT_CSUM_PARTIAL) {
		h.flags = VNET_NEEDS_CSUM;
		h.csum_start = htole16(pkt->csum_start);
		h.csum_offset = htole16(pkt->csum_offset);
	} else if (pkt->flags & PKT_CSUM_VALID && valid) {
		h.flags = VNET_DATA_VALID;
	}
	if (pkt->gso_type != PKT_GSO_NONE) {
		h.gso_type = pkt->gso_type;
		h.gso_size = htole16(pkt->gso_size);
		h.hdr_len = htole16(pkt->hdr_len);
	}
	return h;
}

/**
 * vsw_vnet_takes() - What one side takes, by the features that were agreed upon
 * @features: The feature word
 * @driver:   The driver's side; false: the device's
 *
 * Return: enum pkt_takes.
 */
uint32_t vsw_vnet_takes(uint64_t features, bool driver);

#endif
