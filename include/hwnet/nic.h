/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole contract between a network card model and the host that runs it.
 *
 * DOC: Theory of Operation
 *
 * A card (struct hwnet_nic) is a state machine without threads, clock, sockets, or memory of its
 * own beyond what hwnet_new() allocates. The host owns those: it calls the functions below, and the
 * card calls the host through struct hwnet_host. A host is a VMM's device glue, a unit test, a
 * fuzzer.
 *
 * One caller at a time: calls for one card never overlap, and, with the exceptions named here, no
 * function of this file is called from inside a host operation of the same card. Two cards share
 * nothing that can be written, so different cards may be driven by different threads.
 *
 * Doorbell, kick, run. hwnet_write() never sends a frame. When a register write gives the card
 * something to do it calls host->kick(), and the host calls hwnet_run(): at once after
 * hwnet_write() returned, or later, on any thread that honours the rule of one caller. host->kick()
 * itself only notes the wish.
 *
 * Flow control is partial acceptance. host->tx() and hwnet_rx() return how many frames, from the
 * front, were dealt with (delivered, or dropped and counted). The rest stays where it was: transmit
 * frames in the guest's ring until the host calls hwnet_tx_ready(); receive frames at the host
 * until the card calls host->rx_ready().
 *
 * Re-entrance. host->tx() may lead, through a switch, to hwnet_rx() of *another* card, never of the
 * same card. DMA never reaches a card's registers: the host's dma_* refuse what is not memory.
 *
 * The guest is hostile. Whatever a guest writes into registers or memory, the card stays sound: at
 * worst it drops the guest's own frames, sets the error bits of the data sheet, and tells
 * host->guest_error().
 *
 * Time is nanoseconds of a monotonic clock that may be stopped with the guest; the card only
 * compares and adds.
 */
#ifndef HWNET_NIC_H
#define HWNET_NIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hwnet/pkt.h"

#if defined(__GNUC__)
#define HWNET_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define HWNET_PRINTF(f, a)
#endif

struct hwnet_nic;

/** HWNET_NEVER - A deadline that never comes. */
#define HWNET_NEVER INT64_MAX
/** HWNET_MAX_PROPS - Most properties of a model. */
#define HWNET_MAX_PROPS 16u
/** HWNET_MAX_MSIX - Most MSI-X vectors of a model. */
#define HWNET_MAX_MSIX 65u
/** HWNET_MAX_MAPS - Most pieces of guest memory that a card borrows at a time (dma_map). */
#define HWNET_MAX_MAPS 512u

/* enum hwnet_irq_mode - what the guest enabled in config space */
enum hwnet_irq_mode { HWNET_IRQ_INTX, HWNET_IRQ_MSI, HWNET_IRQ_MSIX };

/**
 * enum hwnet_reset_kind - Resets that come from outside; a guest's own are register writes
 * @HWNET_RESET_POWER: Power was cut: everything but EEPROM contents
 * @HWNET_RESET_BUS:   PCI RST#: as POWER, for a card that stays powered; wake-up state may survive
 */
enum hwnet_reset_kind { HWNET_RESET_POWER, HWNET_RESET_BUS };

/**
 * struct hwnet_host - What the host does for a card
 *
 * Each operation gets the @opaque of hwnet_new(). All but dma_map and dma_unmap are mandatory.
 *
 * @dma_read:    Copy @len bytes of guest memory at bus address @addr. 0, or -1 if any byte is not
 *               memory (then @buf is undefined; the card treats it as a master abort).
 * @dma_write:   Likewise, towards the guest; what was written before a failure is unspecified. 2, 4
 *               or 8 bytes at a multiple of that are one store, which the guest sees after all
 *               earlier ones; 16 bytes are two of 8, the lower one first.
 * @dma_map:     Borrow guest memory until dma_unmap, at the latest when the current call into the
 *               card returns. On entry *@len is what is wanted; on return what was got, from the
 *               front, possibly less. NULL: not possible now, use dma_read/dma_write. @to_guest:
 *               the card will write.
 * @dma_unmap:   Give it back; @used bytes from the front were accessed.
 * @msi:         Send the message of vector @vec (MSI: @vec < what the guest enabled, else taken as
 *               0; MSI-X: masked vectors are pended by the host). Vectors beyond what exists are
 *               ignored.
 * @intx:        Drive the INTA# line. The card calls it on changes only.
 * @irq_mode:    What is enabled now.
 * @now:         The time, ns.
 * @timer:       Call hwnet_timer() at or soon after @deadline (ns; HWNET_NEVER: not at all).
 *               Replaces the last wish.
 * @kick:        Call hwnet_run() soon. May be called from hwnet_write, hwnet_timer, hwnet_tx_ready,
 *               hwnet_load.
 * @tx:          Frames leave the card. @n <= PKT_BURST. Returns how many were dealt with, from the
 *               front; if fewer than @n, hwnet_tx_ready() follows. Called from hwnet_run and
 *               hwnet_timer only.
 * @rx_ready:    After an hwnet_rx() that left frames behind: there is room again. May be called
 *               from any entry point but hwnet_rx; the host must not call hwnet_rx from inside it.
 * @rx_filter_changed: hwnet_rx_filter() would now answer otherwise.
 * @link_changed: hwnet_link() would now answer otherwise (the guest's driver took the PHY down,
 *                speed changed).
 * @guest_error: The guest broke a rule of the data sheet; one line without newline. The host may
 *               limit the rate.
 */
struct hwnet_host {
	int (*dma_read)(void *opaque, uint64_t addr, void *buf, size_t len);
	int (*dma_write)(void *opaque, uint64_t addr, const void *buf, size_t len);
	void *(*dma_map)(void *opaque, uint64_t addr, size_t *len, bool to_guest);
	void (*dma_unmap)(void *opaque, void *ptr, size_t len, bool to_guest, size_t used);
	void (*msi)(void *opaque, unsigned vec);
	void (*intx)(void *opaque, bool level);
	enum hwnet_irq_mode (*irq_mode)(void *opaque);
	int64_t (*now)(void *opaque);
	void (*timer)(void *opaque, int64_t deadline);
	void (*kick)(void *opaque);
	unsigned (*tx)(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n);
	void (*rx_ready)(void *opaque);
	void (*rx_filter_changed)(void *opaque);
	void (*link_changed)(void *opaque);
	void (*guest_error)(void *opaque, const char *fmt, ...) HWNET_PRINTF(2, 3);
};

/* enum hwnet_prop_kind - types of a model's properties */
enum hwnet_prop_kind { HWNET_PROP_UINT, HWNET_PROP_BOOL, HWNET_PROP_ENUM };

/**
 * struct hwnet_prop - A property that the user may set at creation
 * @name:    As in `-device vc-...,NAME=VALUE`
 * @help:    One line for `-device ...,help`
 * @kind:    Type
 * @def:     Value if not given (ENUM: index into @choices)
 * @min:     Smallest (UINT)
 * @max:     Largest (UINT)
 * @choices: ENUM: the words, NULL-terminated
 * @fixed:   Guests depend on it: a saved state is taken only by a card with the same value
 */
struct hwnet_prop {
	const char *name;
	const char *help;
	enum hwnet_prop_kind kind;
	uint64_t def, min, max;
	const char *const *choices;
	bool fixed;
};

/**
 * struct hwnet_config - What the user chose
 * @mac:    Permanent address (EEPROM/PROM contents); never a group address
 * @values: One per entry of the model's props, in its order
 */
struct hwnet_config {
	uint8_t mac[6];
	uint64_t values[HWNET_MAX_PROPS];
};

/* enum hwnet_bar_kind - kinds of base address register */
enum hwnet_bar_kind { HWNET_BAR_NONE, HWNET_BAR_MEM, HWNET_BAR_IO };

/**
 * struct hwnet_bar - One base address register
 * @kind:     Space
 * @wide:     64-bit memory BAR (takes the next one too)
 * @prefetch: Prefetchable
 * @size:     Bytes, a power of two
 */
struct hwnet_bar {
	enum hwnet_bar_kind kind;
	bool wide, prefetch;
	uint32_t size;
};

/**
 * struct hwnet_pci - What the host's config space shows
 * @vendor: @device: @subsys_vendor: @subsys_device: identity
 * @class_code:  24 bits are class, subclass, interface; 0x020000 for Ethernet
 * @revision:    Revision id
 * @min_gnt: @max_lat: as named in PCI 3.0, 6.2.4
 * @bars:        Base address registers
 * @msi_vectors: 0: no MSI capability
 * @msi_off:     Where the capability stands; 0: the host chooses
 * @msix_vectors: 0: no MSI-X capability
 * @msix_bar: @msix_table: @msix_pba: where table and pending bits lie; that BAR is served by the
 *            host
 * @msix_off:    Where the capability stands; 0: the host chooses
 * @pm_off:      Power-management capability at this offset (PCI PM 1.1); 0: none
 * @pm_pmc:      Its PMC word (which D-states, PME# support)
 * @pcie_off:    PCI Express endpoint capability at this offset when the slot is express; 0: none
 * @serial:      Device Serial Number, a capability at 100h of an express slot's extended space; 0:
 *               none
 * @rom:         File name of the option ROM that the distribution has for this card, or NULL
 */
struct hwnet_pci {
	uint16_t vendor, device, subsys_vendor, subsys_device;
	uint32_t class_code;
	uint8_t revision, min_gnt, max_lat;
	struct hwnet_bar bars[6];
	uint8_t msi_vectors, msi_off;
	uint8_t msix_vectors, msix_bar;
	uint32_t msix_table, msix_pba;
	uint8_t msix_off, pm_off;
	uint16_t pm_pmc;
	uint8_t pcie_off;
	uint64_t serial;
	const char *rom;
};

/* enum hwnet_filter_mode - how much of a class of frames a receive filter lets in */
enum hwnet_filter_mode { HWNET_FILTER_NONE, HWNET_FILTER_TABLE, HWNET_FILTER_ALL };

/**
 * struct hwnet_rx_filter - What the receive filter lets in now
 * @mac:           Main station address
 * @promiscuous:   All frames
 * @broadcast:     Broadcast is let in
 * @unicast:       TABLE: @mac and the @n_addrs unicast entries of @addrs
 * @multicast:     TABLE: multicast entries of @addrs and/or @mhash
 * @n_addrs:       Addresses in @addrs
 * @addrs:         Exact addresses (at most 64 are reported; @overflow tells of more)
 * @overflow:      Some are not in @addrs
 * @mhash_bits:    0: no multicast hash; else log2 of its size, in bits of @mhash (6: pcnet LADRF,
 *                 12: e1000 MTA)
 * @mhash:         Hash table in the card's own layout, read-only, valid until the next call into
 *                 the card
 * @vlan_filter:   VLANs are filtered by @vlans
 * @vlans:         4096 bits, valid until the next call into the card; NULL without @vlan_filter
 */
struct hwnet_rx_filter {
	uint8_t mac[6];
	bool promiscuous, broadcast, overflow, vlan_filter;
	enum hwnet_filter_mode unicast, multicast;
	unsigned n_addrs;
	uint8_t addrs[64][6];
	unsigned mhash_bits;
	const uint32_t *mhash;
	const uint32_t *vlans;
};

/**
 * struct hwnet_link - The link as the card sees it
 * @up:         Carrier and PHY up
 * @full:       Full duplex
 * @speed_mbps: Mb/s
 */
struct hwnet_link {
	bool up, full;
	uint32_t speed_mbps;
};

/**
 * struct hwnet_counters - What every model counts for its host, never reset by the guest
 * @tx_frames: @tx_bytes: frames and bytes handed to host->tx() and dealt with (a TSO message is one
 *                        frame)
 * @tx_gso:    TSO messages among them
 * @rx_frames: @rx_bytes: frames and bytes put into the guest's memory (a message put there whole is
 *                        one)
 * @rx_gso:    Messages received whole (LRO)
 * @rx_filtered: Frames that the receive filter kept out
 * @rx_dropped: Frames lost for other reasons (too long, no receiver, DMA failure)
 * @rx_no_buffer: Frames lost because their queue, one of several, had no buffers; as on the wire
 * @rx_held:   Times frames were left at the host for want of descriptors
 * @interrupts: Rising edges of INTx and messages sent
 * @doorbells: Register writes that gave the card work
 * @guest_errors: Calls of host->guest_error()
 */
struct hwnet_counters {
	uint64_t tx_frames, tx_bytes, tx_gso;
	uint64_t rx_frames, rx_bytes, rx_gso, rx_filtered, rx_dropped, rx_no_buffer, rx_held;
	uint64_t interrupts, doorbells, guest_errors;
};

struct hwnet_model_ops; /* hw-net/model.h */

/**
 * struct hwnet_model - A kind of card
 * @name:      As in `-device vc-NAME`, without the prefix ("e1000", "e1000-82544gc", "pcnet",
 *             "vmxnet3")
 * @desc:      One line
 * @props:     Properties, ended by a NULL name
 * @ops:       Private
 */
struct hwnet_model {
	const char *name;
	const char *desc;
	const struct hwnet_prop *props;
	const struct hwnet_model_ops *ops;
};

/**
 * hwnet_models() - All models of the library
 *
 * Return: an array ended by NULL.
 */
const struct hwnet_model *const *hwnet_models(void);

/**
 * hwnet_find_model() - Look a model up
 * @name: Its name
 *
 * Return: the model, or NULL.
 */
const struct hwnet_model *hwnet_find_model(const char *name);

/**
 * hwnet_config_init() - Set every property to its default
 * @model: The model
 * @cfg:   Filled; the address is zero and is for the caller to set
 */
void hwnet_config_init(const struct hwnet_model *model, struct hwnet_config *cfg);

/**
 * hwnet_choice() - Place of a word
 * @choices: Words, ended by NULL
 * @word:    The word
 *
 * Return: the place, or -1.
 */
int hwnet_choice(const char *const *choices, const char *word);

/**
 * hwnet_config_set() - Set a property as a user writes it
 * @model:  The model
 * @cfg:    Its configuration
 * @text:   "NAME=VALUE"; on, off for one of yes and no
 * @err:    On failure, one line saying what was wrong, and what there is
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int hwnet_config_set(const struct hwnet_model *model, struct hwnet_config *cfg, const char *text,
		     char *err, size_t errlen);

/**
 * hwnet_prop_text() - A property's value as a user writes it
 * @prop: The property
 * @val:  Its value
 * @text: Filled
 * @room: Room in @text
 */
void hwnet_prop_text(const struct hwnet_prop *prop, uint64_t val, char *text, size_t room);

/**
 * hwnet_config_get() - A property as hwnet_config_set() takes it
 * @model: The model
 * @cfg:   Its configuration
 * @prop:  Place in the model's props
 * @text:  Filled: "NAME=VALUE"
 * @room:  Room in @text
 */
void hwnet_config_get(const struct hwnet_model *model, const struct hwnet_config *cfg,
		      unsigned prop, char *text, size_t room);

/**
 * hwnet_new() - Make a card, powered on
 * @model:  What card
 * @cfg:    User's choice; copied
 * @host:   Operations; must outlive the card
 * @opaque: First argument of each
 * @err:    On failure, one line saying what was wrong
 * @errlen: Room in @err
 *
 * The only function of the library that allocates.
 *
 * Return: the card, or NULL.
 */
struct hwnet_nic *hwnet_new(const struct hwnet_model *model, const struct hwnet_config *cfg,
			    const struct hwnet_host *host, void *opaque, char *err, size_t errlen);

/**
 * hwnet_free() - Destroy a card
 * @nic: The card or NULL. Its timer wish and interrupt line are withdrawn first.
 */
void hwnet_free(struct hwnet_nic *nic);

/**
 * hwnet_pci() - What config space must show
 * @nic: The card
 * @pci: Filled
 */
void hwnet_pci(const struct hwnet_nic *nic, struct hwnet_pci *pci);

/**
 * hwnet_reset() - Reset from outside
 * @nic:  The card
 * @kind: Why
 */
void hwnet_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);

/**
 * hwnet_set_carrier() - The cable was plugged or pulled
 * @nic: The card
 * @up:  Carrier. A new card has carrier.
 */
void hwnet_set_carrier(struct hwnet_nic *nic, bool up);

/**
 * hwnet_link() - Ask for the link
 * @nic:  The card
 * @link: Filled
 */
void hwnet_link(const struct hwnet_nic *nic, struct hwnet_link *link);

/**
 * hwnet_read() - Guest reads a register
 * @nic:  The card
 * @bar:  Which base address register
 * @off:  Byte offset in it, below its size; any alignment
 * @size: 1, 2, 4 or 8
 *
 * Return: the value, little end first; undefined registers read as the data sheet says, or 0.
 */
uint64_t hwnet_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);

/**
 * hwnet_write() - Guest writes a register
 * @nic:  The card
 * @bar:  Which base address register
 * @off:  Byte offset in it
 * @val:  Value
 * @size: 1, 2, 4 or 8
 */
void hwnet_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

/**
 * hwnet_run() - Do what kick asked for: fetch descriptors, send frames, write back
 * @nic:    The card
 * @budget: About how many frames to send at most, as they are on the wire: a message counts as its
 *          segments. Other work of a guest's making (descriptors without a frame, frames that are
 *          dropped) is charged too; only the last frame may go beyond, by GSO_SEGS_MAX
 *
 * Return: true if there is more to do now (the host calls again, at once or after serving others).
 */
bool hwnet_run(struct hwnet_nic *nic, unsigned budget);

/**
 * hwnet_timer() - The deadline has come (or something near it; early calls are harmless)
 * @nic: The card
 */
void hwnet_timer(struct hwnet_nic *nic);

/**
 * hwnet_rx() - Frames arrive
 * @nic:  The card
 * @pkts: Frames
 * @n:    Their number, <= PKT_BURST
 *
 * Frames may carry any offload word; the card finishes what its guest does not take. Whole GSO
 * messages are taken only by a guest for which hwnet_rx_caps() says so; a host segments for others.
 *
 * Return: how many were dealt with, from the front. If fewer than @n, host->rx_ready() follows when
 * there is room.
 */
unsigned hwnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);

/**
 * hwnet_rx_caps() - Which GSO messages the guest takes whole at this time
 * @nic: The card
 *
 * Return: bits 1 << PKT_GSO_TCPV4, 1 << PKT_GSO_TCPV6, 1 << PKT_GSO_UDP_L4. May change with any
 * register write.
 */
uint32_t hwnet_rx_caps(const struct hwnet_nic *nic);

/**
 * hwnet_tx_ready() - The host can take frames again
 * @nic: The card. Leads to host->kick() if frames wait.
 */
void hwnet_tx_ready(struct hwnet_nic *nic);

/**
 * hwnet_rx_filter() - Ask for the receive filter
 * @nic: The card
 * @f:   Filled
 */
void hwnet_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);

/**
 * hwnet_counters() - Ask for the counters
 * @nic: The card
 *
 * Return: borrowed until the next call into the card.
 */
const struct hwnet_counters *hwnet_counters(const struct hwnet_nic *nic);

/**
 * hwnet_counter() - Walk over counters
 * @counters: Counters
 * @i:        Which, from 0 on
 * @value:    Filled
 *
 * Return: its name, which users see and which stays; NULL: there are no more.
 */
const char *hwnet_counter(const struct hwnet_counters *counters, unsigned i, uint64_t *value);

/**
 * hwnet_set_counters() - Go on counting from where another card, whose state was loaded, stopped
 * @nic:      The card
 * @counters: Its counters
 */
void hwnet_set_counters(struct hwnet_nic *nic, const struct hwnet_counters *counters);

/* enum hwnet_fact_kind - what holds a fact: a count or size; yes or no; a word, or bytes in hex;
 * several numbers */
enum hwnet_fact_kind { HWNET_FACT_NUMBER, HWNET_FACT_YES_NO, HWNET_FACT_TEXT, HWNET_FACT_LIST };

/**
 * struct hwnet_fact - One thing that the guest's driver has made of a card
 * @name:   Lower case with dashes, the same for ever; docs/devices.md lists them
 * @kind:   Which of the others counts
 * @number: Of NUMBER; 0 or 1 of YES_NO
 * @text:   Of TEXT
 * @list: @n: Of LIST: the numbers, and how many
 */
struct hwnet_fact {
	const char *name;
	enum hwnet_fact_kind kind;
	uint64_t number;
	const char *text;
	const uint32_t *list;
	unsigned n;
};

/* hwnet_say - Hear a fact, borrowed for the time of the call; it must not lead into a card */
typedef void hwnet_say(void *opaque, const struct hwnet_fact *fact);

/**
 * hwnet_describe() - Ask what the guest's driver has made of the card: rings, queues, offloads,
 * filters, RSS, moderation
 * @nic:    The card
 * @say:    Called once for each fact, in a fixed order
 * @opaque: Its first argument
 *
 * For people who want to know why a guest behaves as it does; nothing changes by it. It may read
 * guest memory.
 */
void hwnet_describe(struct hwnet_nic *nic, hwnet_say *say, void *opaque);

/**
 * hwnet_wake() - Would this frame, or a change of the link, wake the sleeping machine?
 * @nic: The card
 * @pkt: A frame that arrived while the guest sleeps; NULL: hwnet_set_carrier() was called while it
 *       sleeps
 *
 * Called by a host that implements PME#; the card notes the reason in its wake-up status.
 *
 * Return: true to assert PME#.
 */
bool hwnet_wake(struct hwnet_nic *nic, const struct pkt *pkt);

/**
 * hwnet_state_max() - Room that hwnet_save() needs at most
 * @nic: The card
 *
 * Return: bytes.
 */
size_t hwnet_state_max(const struct hwnet_nic *nic);

/**
 * hwnet_save() - Save the whole state (format: hw-net/state.h)
 * @nic: The card
 * @buf: Where to
 * @cap: Room, at least hwnet_state_max(); with less nothing is written
 *
 * Return: bytes written.
 */
size_t hwnet_save(struct hwnet_nic *nic, void *buf, size_t cap);

/**
 * hwnet_check() - Would hwnet_load() take this state over?
 * @nic:    The card; nothing changes
 * @buf:    The state: hostile
 * @len:    Its length
 * @err:    If not, one line
 * @errlen: Room in @err
 *
 * A host asks before it loads what is its own of the card.
 *
 * Return: 0, or -1.
 */
int hwnet_check(struct hwnet_nic *nic, const void *buf, size_t len, char *err, size_t errlen);

/**
 * hwnet_load() - Take a saved state over
 * @nic:    A card of the same model, permanent address and fixed properties
 * @buf:    The state: hostile
 * @len:    Its length
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * All or nothing. Deadlines, interrupt line and kicks are set up again from the state.
 *
 * Return: 0, or -1 and nothing changed.
 */
int hwnet_load(struct hwnet_nic *nic, const void *buf, size_t len, char *err, size_t errlen);

#endif
