/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of a device server share; see vfu.h. */
#ifndef HW_NET_VFU_PRIV_H
#define HW_NET_VFU_PRIV_H

#include "peer/mem.h"
#include "vfu/channel.h"
#include "vfu/irqs.h"
#include "vfu/space.h"
#include "vfu/vfu.h"

/* enum vfu_pending - what is to be done when the card has returned */
enum vfu_pending {
	VFU_RUN = 1 << 0,
	VFU_RX_READY = 1 << 1,
	VFU_TX_READY = 1 << 2,
	VFU_TELL_LINK = 1 << 3,
	VFU_TELL_FILTER = 1 << 4,
	VFU_ALL = (1 << 5) - 1,
};

/**
 * struct vfu_slow - A message that is slow, between its three steps
 * @msg:    It
 * @waits:  It was read, and not carried out yet
 * @error:  What is answered
 * @region: Map to be put in force
 * @gone:   Regions that are not in force any more
 */
struct vfu_slow {
	struct vfu_msg msg;
	bool waits;
	int error;
	struct peer_region region;
	struct peer_mem gone;
};

/**
 * struct vfu - A card and its client
 * @model: @cfg: What it was made with
 * @busy:    A call into the card runs
 * @asleep:  The card is in D1 to D3
 * @may_run: It may move frames: awake, and bus master
 * @wish:    Its deadline
 * @pending: enum vfu_pending
 * @caps:    hwnet_rx_caps() as was told last
 * @table:   Bytes of the table of MSI-X, which clients keep themselves
 * @greeted: Versions were agreed on
 */
struct vfu {
	const struct vfu_ops *ops;
	void *opaque;
	const struct hwnet_model *model;
	struct hwnet_config cfg;
	struct hwnet_nic *nic;
	struct hwnet_pci ids;
	struct vfu_space space;
	struct vfu_irqs irqs;
	struct peer_mem mem;
	struct vfu_slow slow;
	bool busy, asleep, may_run, greeted;
	unsigned pending;
	uint32_t caps;
	int64_t wish;
	uint8_t table[16 * HWNET_MAX_MSIX];
	struct vfu_stats stats;
	struct vfu_channel ch;
};

/* Operations of the card's host */
extern const struct hwnet_host vfu_host;

/**
 * vfu_later() - Something is to be done by vfu_work()
 * @v:    The card
 * @what: Bits of enum vfu_pending
 */
void vfu_later(struct vfu *v, unsigned what);

/**
 * vfu_config_changed() - Configuration space was written, or set back
 * @v:   The card
 * @was: Power state before
 */
void vfu_config_changed(struct vfu *v, unsigned was);

/**
 * vfu_settle() - Configuration space was loaded: what it says counts, and nothing is told
 * @v: The card
 */
void vfu_settle(struct vfu *v);

/**
 * vfu_reset() - Reset the card and its configuration space
 * @v: The card
 */
void vfu_reset(struct vfu *v);

/**
 * vfu_handle() - Carry out a message that is not slow, and answer it
 * @v: The card
 * @m: The message: hostile
 */
void vfu_handle(struct vfu *v, struct vfu_msg *m);

/**
 * vfu_answer() - Answer a message
 * @v:     The card
 * @m:     The message
 * @error: 0 or an errno
 * @len:   Bytes in vfu_channel_room()
 */
void vfu_answer(struct vfu *v, const struct vfu_msg *m, int error, uint32_t len);

/**
 * vfu_is_request() - Is a message one that asks? Else the connection is over
 * @v: The card
 * @m: The message
 *
 * Return: whether.
 */
bool vfu_is_request(struct vfu *v, const struct vfu_msg *m);

/**
 * vfu_refuse() - Answer by an error; before there is a version that is the end
 * @v:     The card
 * @m:     The message
 * @error: An errno
 */
void vfu_refuse(struct vfu *v, const struct vfu_msg *m, int error);

/**
 * vfu_is_slow() - Is a message one for vfu_prepare()?
 * @m: The message
 *
 * Return: whether.
 */
bool vfu_is_slow(const struct vfu_msg *m);

#endif
