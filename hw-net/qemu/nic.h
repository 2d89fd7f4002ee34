/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One PCI device for every card model of libhwnet.
 *
 * DOC: Theory of Operation
 *
 * Each model of hwnet_models() becomes a QOM type "vc-<model>" (nic-device.c). The device owns what
 * the contract (hwnet/nic.h) leaves to the host: config space (nic-config.c), power states
 * (nic-power.c), interrupts (nic-irq.c), guest memory (dma.c), properties (nic-props.c), saved
 * state (nic-vmstate.c), the back end (nic-client.c), when the core runs (nic-doorbell.c), and what
 * may happen while it does (nic-call.c). Nothing in here knows a model's registers.
 *
 * This header has what they share, the device itself; each of them has a header of its own.
 */
#ifndef VC_NIC_H
#define VC_NIC_H

#include "compat.h"
#include "dma.h"
#include "hwnet/nic.h"
#include "life.h"
#include "machine.h"
#include "trace.h"
#include "wake.h"

#define TYPE_VC_NIC "vc-nic"
DECLARE_INSTANCE_CHECKER(struct vc_nic, VC_NIC, TYPE_VC_NIC)

/* enum vc_doorbell - when the core runs after a doorbell */
enum vc_doorbell {
	VC_DOORBELL_NOW, /* before the register write returns */
	VC_DOORBELL_BH,	 /* in a bottom half: batched, at the price of a turn of the main loop */
};

/* enum vc_pending - what is to be done when the core has returned */
enum vc_pending {
	VC_RESET = 1 << 0,    /* hwnet_reset() */
	VC_CABLE = 1 << 1,    /* hwnet_set_carrier() */
	VC_POWER = 1 << 2,    /* the command register changed without a word to us */
	VC_TIMER = 1 << 3,    /* the card's clock goes on: deadlines may have passed */
	VC_RUN = 1 << 4,      /* hwnet_run() */
	VC_TX_READY = 1 << 5, /* hwnet_tx_ready() */
	VC_LINK = 1 << 6,     /* the link changed, or what messages the guest takes */
	VC_FILTER = 1 << 7,   /* the receive filter changed */
	VC_FLUSH = 1 << 8,    /* there is room for frames that were left at the peer */
};

struct vc_nic;

/**
 * struct vc_nic_action - What is done when the core has returned
 * @when: The bit of enum vc_pending that asks for it
 * @act:  Does it; the core may be called
 */
struct vc_nic_action {
	unsigned when;
	void (*act)(struct vc_nic *s);
};

/**
 * struct vc_nic - The device
 * @pci:      QEMU's part of it
 * @conf:     mac, netdev, bootindex
 * @cfg:      The model's own properties
 * @ids:      What config space shows
 * @doorbell: See enum vc_doorbell
 * @trace: @name: see trace.h
 * @core:     The card
 * @bars:     Regions of the card's base address registers
 * @bar_of:   What their callbacks get
 * @watch:    Tells us of the machine's state
 * @dma:      See dma.h
 * @client:   Net client
 * @bh:       For work that is left over
 * @actions:  See nic-call.h
 * @life:     See life.h
 * @gone:     Removed; the core may still be on the stack
 * @busy:     A call into the core runs
 * @settling: vc_nic_settle() runs
 * @asleep:   In D1 to D3: answers config space only, signals nothing, its clock stands still
 * @may_run:  The card may move frames: VM running, powered, bus master
 * @intx:     The line as the core drives it
 * @pending:  enum vc_pending
 * @timer:    @wish: the core's deadline, and the timer, which may come earlier
 * @now:      The time, while vc_nic_settle() runs the core; else 0
 * @wake:     See wake.h
 * @vnet_len: Frames to and from a stock peer begin with a virtio_net_hdr of this size; 0: without
 * @rx_caps:  What hwnet_rx_caps() said when the peer was told
 * @peer_private: See vc_is_private()
 * @tx_held:  A stock peer has no room; sent() follows
 * @wrong_fcs: Frames that a stock peer cannot be given; see vc_is_sendable()
 * @rx_lost:  Frames towards the guest that the core never got, or had no room for, by reason
 * @flat:     Room to make a frame of many pieces one piece, made on first use
 * @carrier:  Cable; part of the saved state
 * @state: @state_len: the core's state, while saving and loading
 * @saved_express: The saved card is in an express slot
 * @errors:   Guest errors: start of the current second, and how many in it
 */
struct vc_nic {
	PCIDevice pci;
	NICConf conf;
	struct hwnet_config cfg;
	struct hwnet_pci ids;
	uint8_t doorbell;
	uint32_t trace;
	const char *name;

	struct hwnet_nic *core;
	MemoryRegion bars[6];
	struct vc_nic_bar {
		struct vc_nic *nic;
		unsigned index;
	} bar_of[6];
	struct vc_dma dma;
	struct vc_wake wake;
	struct vc_watch watch;

	NICState *client;
	QEMUBH *bh;
	const struct vc_nic_action *actions;
	struct vc_life life;
	bool gone, busy, settling, asleep, may_run, intx;
	unsigned pending;
	QEMUTimer *timer;
	int64_t wish, armed, now;

	int vnet_len;
	uint32_t rx_caps;
	bool peer_private, tx_held;
	uint64_t wrong_fcs;
	struct vc_nic_lost {
		uint64_t malformed, not_ready, no_buffer;
	} rx_lost;
	uint8_t *flat;

	bool carrier;
	uint8_t *state;
	uint32_t state_len;
	bool saved_express;
	struct {
		int64_t since;
		unsigned count;
	} errors;
};

/**
 * struct vc_nic_class - A type "vc-<model>"
 * @model:       What card
 * @pci_realize: What a PCI device does to be realized
 */
struct vc_nic_class {
	PCIDeviceClass parent;
	const struct hwnet_model *model;
	DeviceRealize pci_realize;
};
DECLARE_CLASS_CHECKERS(struct vc_nic_class, VC_NIC, TYPE_VC_NIC)

#endif
