/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One PCI device for every card model of libhwnet.
 *
 * DOC: Theory of Operation
 *
 * Each model of hwnet_models() becomes a QOM type "vc-<model>" (nic.c). The device owns what the
 * contract (hwnet/nic.h) leaves to the host: config space and interrupts (irq.c), guest memory
 * (dma.c), properties (props.c), saved state (vmstate.c), the back end (netclient.c), and when the
 * core runs (doorbell.c). Nothing in here knows a model's registers.
 *
 * Everything runs under QEMU's big lock. A call into the core stands between vc_nic_enter() and
 * vc_nic_leave(); what the core asks for meanwhile (kick, flush, new filter) is noted in @pending
 * and done when it has returned, in vc_nic_settle() and nowhere else. So the core is never entered
 * twice, and never from inside one of its own host operations.
 */
#ifndef VC_NIC_H
#define VC_NIC_H

#include "compat.h"
#include "dma.h"
#include "hwnet/nic.h"
#include "trace.h"
#include "wake.h"

#define TYPE_VC_NIC "vc-nic"
DECLARE_INSTANCE_CHECKER(struct vc_nic, VC_NIC, TYPE_VC_NIC)

/* enum vc_doorbell - when the core runs after a doorbell */
enum vc_doorbell {
	VC_DOORBELL_NOW, /* before the register write returns */
	VC_DOORBELL_BH,	 /* in a bottom half: doorbells are batched, at the price of a turn of the
			    main loop */
};

/* enum vc_pending - what is to be done when the core has returned */
enum vc_pending {
	VC_RUN = 1 << 0,      /* hwnet_run() */
	VC_FLUSH = 1 << 1,    /* there is room for frames that were left at the peer */
	VC_FILTER = 1 << 2,   /* the receive filter changed */
	VC_LINK = 1 << 3,     /* the link changed, or what messages the guest takes */
	VC_TX_READY = 1 << 4, /* hwnet_tx_ready() */
};

struct vc_port;

/**
 * struct vc_nic - The device
 * @conf:     mac, netdev, bootindex
 * @cfg:      The model's own properties
 * @ids:      What config space shows
 * @doorbell: See enum vc_doorbell
 * @core:     The card
 * @bars:     Regions of the card's base address registers; @msix_bar is ours
 * @client:   Net client
 * @bh:       For work that is left over
 * @busy:     A call into the core runs
 * @settling: vc_nic_settle() runs
 * @may_run:  The card may move frames: VM running, powered, bus master
 * @pending:  enum vc_pending
 * @timer:    @wish: the core's deadline, and the timer, which may come earlier
 * @now:      The time, while vc_nic_settle() runs the core; else 0
 * @wake:     See wake.h
 * @vnet_len: Frames to and from a stock peer begin with a virtio_net_hdr of this size; 0: without
 * @rx_caps:  What hwnet_rx_caps() said when the peer was told
 * @peer_private: See vc_is_private()
 * @tx_held:  A stock peer has no room; sent() follows
 * @flat:     Room to make a frame of many pieces one piece, made on first use
 * @carrier:  Cable; part of the saved state
 * @state: @state_len: the core's state, while saving and loading
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
	MemoryRegion msix_bar;
	struct vc_dma dma;
	struct vc_wake wake;
	VMChangeStateEntry *vm_state;
	Notifier suspend, wakeup;

	NICState *client;
	QEMUBH *bh;
	bool busy, settling, may_run;
	unsigned pending;
	QEMUTimer *timer;
	int64_t wish, armed, now;

	int vnet_len;
	uint32_t rx_caps;
	bool peer_private, tx_held;
	uint8_t *flat;

	bool carrier;
	uint8_t *state;
	uint32_t state_len;
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

/** vc_nic_host - The operations that every core gets */
extern const struct hwnet_host vc_nic_host;

/* doorbell.c */

static inline void vc_nic_enter(struct vc_nic *s)
{
	assert(!s->busy);
	s->busy = true;
}

/**
 * vc_nic_settle() - Do what is pending
 * @s: The device; no call into its core runs
 */
void vc_nic_settle(struct vc_nic *s);

static inline void vc_nic_leave(struct vc_nic *s)
{
	s->busy = false;
	if (unlikely(s->pending))
		vc_nic_settle(s);
}

/* As vc_nic_leave(), for callers up whose stack the core must not run: what is pending is done in a
 * bottom half. */
static inline void vc_nic_leave_later(struct vc_nic *s)
{
	s->busy = false;
	if (s->pending)
		qemu_bh_schedule(s->bh);
}

/**
 * vc_nic_later() - Note that something is to be done, in a bottom half if nobody is about to
 * @s:    The device
 * @what: enum vc_pending
 */
void vc_nic_later(struct vc_nic *s, unsigned what);

/**
 * vc_nic_update_may_run() - Power state, command register, or the VM's state changed
 * @s: The device
 */
void vc_nic_update_may_run(struct vc_nic *s);

/**
 * vc_nic_init_doorbell() - Set up timer and bottom half
 * @s: The device
 */
void vc_nic_init_doorbell(struct vc_nic *s);

/**
 * vc_nic_fini_doorbell() - Undo it
 * @s: The device
 */
void vc_nic_fini_doorbell(struct vc_nic *s);

/**
 * vc_nic_kick() - The core's kick()
 * @opaque: The device
 */
void vc_nic_kick(void *opaque);

/**
 * vc_nic_now() - The core's now()
 * @opaque: The device
 *
 * Return: the time of the virtual clock, ns.
 */
int64_t vc_nic_now(void *opaque);

/**
 * vc_nic_timer() - The core's timer()
 * @opaque:   The device
 * @deadline: When
 */
void vc_nic_timer(void *opaque, int64_t deadline);

/** vc_nic_bar_ops - Access to a card's registers; opaque is a struct vc_nic_bar */
extern const MemoryRegionOps vc_nic_bar_ops;

/* irq.c */

/**
 * vc_nic_init_config() - Fill config space, add capabilities, register BARs
 * @s:    The device
 * @errp: Why not
 *
 * Return: true, or false and whatever was made is undone by vc_nic_fini_config().
 */
bool vc_nic_init_config(struct vc_nic *s, Error **errp);

/**
 * vc_nic_fini_config() - Take the capabilities away
 * @s: The device
 */
void vc_nic_fini_config(struct vc_nic *s);

/**
 * vc_nic_write_config() - PCIDeviceClass.config_write
 */
void vc_nic_write_config(PCIDevice *pci, uint32_t addr, uint32_t val, int len);

/**
 * vc_nic_asleep() - Is the card in a power state that answers config space only?
 * @s: The device
 *
 * Return: true in D1 to D3.
 */
bool vc_nic_asleep(const struct vc_nic *s);

/**
 * vc_nic_reset_power() - RST#: the card is in D0 then; PME_En and PME_Status stay (PCI
 * PM 1.1, 3.2.4)
 * @s: The device
 */
void vc_nic_reset_power(struct vc_nic *s);

/**
 * vc_nic_may_wake() - Did the guest let the card wake the machine?
 * @s: The device
 *
 * Return: true if PME is enabled.
 */
bool vc_nic_may_wake(const struct vc_nic *s);

/**
 * vc_nic_wake() - A frame came, or the cable was plugged or pulled, while the guest sleeps
 * @s:   The device
 * @pkt: The frame, or NULL
 */
void vc_nic_wake(struct vc_nic *s, const struct pkt *pkt);

/**
 * vc_nic_msi() - The core's msi()
 * @opaque: The device
 * @vec:    Vector
 */
void vc_nic_msi(void *opaque, unsigned vec);

/**
 * vc_nic_intx() - The core's intx()
 * @opaque: The device
 * @level:  Of the line
 */
void vc_nic_intx(void *opaque, bool level);

/**
 * vc_nic_irq_mode() - The core's irq_mode()
 * @opaque: The device
 *
 * Return: what the guest enabled.
 */
enum hwnet_irq_mode vc_nic_irq_mode(void *opaque);

/* props.c */

/**
 * vc_nic_class_props() - Give a class its properties
 * @klass: The class
 * @model: Its model; NULL for the base of all, whose properties are those of every card
 */
void vc_nic_class_props(ObjectClass *klass, const struct hwnet_model *model);

/* vmstate.c */

/** vc_nic_vmstate - Saved state of every card */
extern const VMStateDescription vc_nic_vmstate;

#endif
