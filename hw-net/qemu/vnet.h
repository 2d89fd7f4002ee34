/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames between our struct pkt and QEMU's net clients, which pass an iovec that may begin with a
 * virtio_net_hdr.
 */
#ifndef VC_VNET_H
#define VC_VNET_H

#include "compat.h"
#include "hwnet/frame.h"

/** VC_VNET_LEN - Header that we ask back ends for: without num_buffers, which all of them know */
#define VC_VNET_LEN 10
/** VC_VNET_MAX - The longest there is (virtio 1.2, 5.1.6: with hash report) */
#define VC_VNET_MAX 20

/** VC_PORT_MODEL - What a port's net client says that it is */
#define VC_PORT_MODEL "vc-port"

/**
 * struct vc_vnet - What the other end of a connection takes
 * @len:   Frames begin with a virtio_net_hdr of this size; 0: they don't
 * @takes: enum pkt_takes
 */
struct vc_vnet {
	int len;
	uint32_t takes;
};

/**
 * struct vc_frame - A frame made of what a net client gave us
 * @pkt:  The frame
 * @iov:  Its pieces: @head, then what was given
 * @head: Private copy of its front
 */
struct vc_frame {
	struct pkt pkt;
	struct iovec iov[FRAME_IOV_MAX];
	uint8_t head[FRAME_HDR_MAX];
};

/**
 * vc_is_private() - Is what a peer gives us in memory that no guest can write?
 * @peer: A back end or card, or NULL
 *
 * Cards lend guest memory, and a hub lends what it was lent.
 *
 * Return: true if so.
 */
static inline bool vc_is_private(const NetClientState *peer)
{
	return peer && peer->info->type != NET_CLIENT_DRIVER_NIC &&
	       peer->info->type != NET_CLIENT_DRIVER_HUBPORT;
}

/**
 * vc_is_port() - Is this the net client of a port of ours?
 * @nc: A net client
 *
 * Return: true, also if the port itself is gone.
 */
static inline bool vc_is_port(const NetClientState *nc)
{
	return !strcmp(nc->model, VC_PORT_MODEL);
}

/**
 * vc_frame_from() - Take a frame from a net client
 * @f:    Filled; borrows what @iov points to
 * @iov:  The bytes, header included
 * @cnt:  Entries of @iov
 * @vnet_len: Size of the header, or 0
 * @is_private: No guest can write the bytes, so a frame in one piece need not be copied
 * @flat: Where a frame of too many pieces is put together; allocated on first use, to be freed by
 * the owner
 *
 * Header and bytes may be a hostile guest's.
 *
 * Return: NULL, or why this is no frame.
 */
const char *vc_frame_from(struct vc_frame *f, const struct iovec *iov, int cnt, int vnet_len,
			  bool is_private, uint8_t **flat);

/**
 * vc_is_sendable() - May a frame go to a net client at all?
 * @pkt: The frame
 *
 * Return: false if its FCS is wrong on purpose: QEMU's net clients have no way to say that, and
 * what receives it must not take it for a good one.
 */
static inline bool vc_is_sendable(const struct pkt *pkt)
{
	return !(pkt->flags & PKT_FCS_BAD);
}

/**
 * vc_send() - Send a frame by a net client, finished as far as the peer wants
 * @nc:   Our net client
 * @pkt:  The frame; vc_is_sendable()
 * @v:    What the peer takes
 * @sent: Called when the peer has room again, if it has none now
 *
 * Return: true; false if QEMU keeps (part of) the frame until the peer has room. It counts as sent
 * either way.
 */
bool vc_send(NetClientState *nc, const struct pkt *pkt, const struct vc_vnet *v,
	     NetPacketSent *sent);

/**
 * vc_agree_vnet() - Ask a stock back end for headers and messages
 * @peer: The back end, or NULL
 * @v:    Filled
 *
 * Return: true if frames will carry headers.
 */
bool vc_agree_vnet(NetClientState *peer, struct vc_vnet *v);

#endif
