/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host for unit tests and fuzzers: memory, clock, interrupt lines, a wire, and a policy for
 * kicks.
 *
 * DOC: Theory of Operation
 *
 * The guest's memory is two arenas, one below and one above 4 GiB. What lies between is not memory;
 * a window of it is the cards' own registers. DMA to either is refused, as hwnet/nic.h promises,
 * and counted.
 *
 * Tests call the card through the fake_*() functions below. These note which entry point is active,
 * and serve kicks afterwards as @kick says. The host operations check the contract as they are
 * called: who may call what from where, that a map is given back before the entry point returns,
 * that frames are what pkt.h says, that a line is driven on changes only. A breach is a bug of the
 * card, not of the guest: it prints one line and aborts.
 *
 * Nothing here runs by itself. The clock stands until fake_advance(), which calls the card at each
 * deadline.
 */
#ifndef HW_NET_TEST_FAKE_HOST_H
#define HW_NET_TEST_FAKE_HOST_H

#include "hwnet/nic.h"

/* Where the guest's memory is, and what is not memory */
#define FAKE_LOW       0x00100000ull
#define FAKE_LOW_SIZE  0x00800000u
#define FAKE_HIGH      0x100000000ull
#define FAKE_HIGH_SIZE 0x00200000u
#define FAKE_MMIO      0xfeb00000ull
#define FAKE_MMIO_SIZE 0x00040000u
#define FAKE_NOWHERE   0xd0000000ull
#define FAKE_PAGE      4096u

#define FAKE_TX_MAX 512u
#define FAKE_MAPS   HWNET_MAX_MAPS

/* enum fake_map - how dma_map behaves */
enum fake_map {
	FAKE_MAP_FULL,	  /* all that is wanted, in place */
	FAKE_MAP_SHORT,	  /* at most @map_max bytes */
	FAKE_MAP_REFUSED, /* never */
	FAKE_MAP_BOUNCE,  /* a copy, written back on unmap as far as it says it was used */
	FAKE_MAP_NONE,	  /* the host has no such operation */
};

/* enum fake_kick - what a kick leads to */
enum fake_kick {
	FAKE_KICK_AT_ONCE,  /* run until there is no more to do, after the entry point returned */
	FAKE_KICK_BUDGET_1, /* likewise, one frame at a time */
	FAKE_KICK_DEFERRED, /* nothing, until fake_run() */
};

/* enum fake_entry - which entry point is active */
enum fake_entry {
	FAKE_IDLE,
	FAKE_IN_RUN,
	FAKE_IN_TIMER,
	FAKE_IN_RX,
	FAKE_IN_TX_READY,
	FAKE_IN_OTHER,
};

/**
 * struct fake_frame - A frame that left the card
 * @data:  Its bytes, flat
 * @pkt:   Its words; @pkt.iov is @iov, one entry
 * @iov:   @data
 * @queue: As given to tx
 * @time:  When
 * @pieces: Entries that its iovec had
 */
struct fake_frame {
	uint8_t *data;
	struct pkt pkt;
	struct iovec iov;
	unsigned queue, pieces;
	int64_t time;
};

/* A map that was not given back yet. */
struct fake_mapping {
	uint8_t *ptr;
	uint64_t addr;
	size_t len;
	bool to_guest, bounce;
};

/**
 * struct fake_host - The host. Members are read and, where it says so, written by tests
 * @nic:      The card
 * @model:    Its kind
 * @carrier:  As last set
 * @ops:      As given to it
 * @cfg:      Its configuration
 * @map:      Set: how dma_map behaves
 * @map_max:  Set: with FAKE_MAP_SHORT
 * @kick:     Set: policy
 * @lenient:  Set, by fuzzers: a kick policy stops after 64 rounds instead of calling that a bug
 * @tx_room:  Set: frames that tx still takes; UINT_MAX: any number
 * @dma_fail_in: Set: this many more DMA operations succeed, then one fails; negative: none fails
 * @on_dma:   Set: called after each dma_read that succeeded: a guest that changes its mind
 * @irq_mode: Set: what the guest enabled
 * @now: @deadline: Clock; the card's last wish
 * @kicked:   A kick waits
 * @more:     The last hwnet_run() said there is more to do
 * @tx: @n_tx: Frames that left
 * @tx_stalled: tx left some behind; fake_tx_ready() is due
 * @intx: @intx_edges: Line, times it rose
 * @msi:      Messages by vector
 * @errors: @last_error: Calls of guest_error
 * @kicks: @rx_ready: @filter_changed: @link_changed: Calls of these
 * @dma_refused: DMA operations that were not to memory
 * @mmio_dma: Those of them that went to the window of the card's registers
 * @dma_reads: @dma_writes: @dma_maps: Operations
 */
struct fake_host {
	struct hwnet_nic *nic;
	const struct hwnet_model *model;
	bool carrier;
	struct hwnet_host ops;
	struct hwnet_config cfg;
	enum fake_map map;
	size_t map_max;
	enum fake_kick kick;
	bool lenient;
	unsigned tx_room;
	int dma_fail_in;
	void (*on_dma)(struct fake_host *h, uint64_t addr, size_t len);
	enum hwnet_irq_mode irq_mode;

	int64_t now, deadline;
	bool kicked, more, tx_stalled, intx;
	unsigned n_tx;
	unsigned intx_edges, msi[HWNET_MAX_MSIX];
	unsigned errors, kicks, rx_ready, filter_changed, link_changed;
	unsigned dma_refused, mmio_dma, dma_reads, dma_writes, dma_maps;
	char last_error[256];

	/* private */
	enum fake_entry entry;
	uint8_t *low, *high;
	uint8_t dirty[(FAKE_LOW_SIZE + FAKE_HIGH_SIZE) / FAKE_PAGE];
	uint64_t low_used, high_used;
	unsigned n_maps;
	unsigned work_ops, work_wire, work_budget, work_rx;

	/* What is beyond their counts means nothing: a new host does not clear them. */
	struct fake_frame tx[FAKE_TX_MAX];
	struct fake_mapping maps[FAKE_MAPS];
};

/**
 * fake_reuse - Is a host that was made of a former one as good as new?
 * @check:  Set: make sure that a new host's memory is zero; take digests
 * @digest: Of the last host, when it was released: card, memory, what was counted
 *
 * Memory of a host that is gone serves the next one, cleaned where it was written. To check that
 * all of it was found takes long, so only tests of fuzz targets do.
 */
extern struct fake_reuse {
	bool check;
	uint64_t digest;
} fake_reuse;

/**
 * fake_host_init() - Set a host up, without a card
 * @h: The host; memory is zero, maps are full, kicks run at once, INTx, time is 1 s
 */
void fake_host_init(struct fake_host *h);

/**
 * fake_host_fini() - Release it, and the card
 * @h: The host
 */
void fake_host_fini(struct fake_host *h);

/**
 * fake_host_close() - Release the card only; its memory is as it was left
 * @h: The host
 */
void fake_host_close(struct fake_host *h);

/* struct fake_image - A host's memory as it was once */
struct fake_image;

/**
 * fake_mem_keep() - Keep what is in a host's memory
 * @h: The host
 *
 * Return: the image; it is never freed.
 */
struct fake_image *fake_mem_keep(struct fake_host *h);

/**
 * fake_mem_put_back() - Make a host's memory what it was
 * @h:     The host
 * @image: That
 *
 * What was written since fake_mem_keep() or the last call is put back.
 */
void fake_mem_put_back(struct fake_host *h, const struct fake_image *image);

/**
 * fake_open() - Make a card with default properties and address 52:54:00:12:34:56
 * @h:     The host; @h->map is set already if FAKE_MAP_NONE is wanted
 * @model: Its name
 */
void fake_open(struct fake_host *h, const char *model);

/**
 * fake_open_cfg() - Make a card
 * @h:     The host
 * @model: Its model
 * @cfg:   Configuration
 *
 * Return: NULL, or what hwnet_new() said (valid until the next call).
 */
const char *fake_open_cfg(struct fake_host *h, const struct hwnet_model *model,
			  const struct hwnet_config *cfg);

/**
 * fake_reopen() - Save, destroy the card, make another of the kind, load
 * @h: The host
 *
 * Aborts if loading fails, or if the new card saves itself otherwise than the one it loaded. Once,
 * scalars may differ, for wishes that loading fulfils: then it is done again.
 */
void fake_reopen(struct fake_host *h);

/**
 * fake_fail() - A breach of the contract: print and abort
 * @fmt: printf format
 */
void fake_fail(const char *fmt, ...) HWNET_PRINTF(1, 2) __attribute__((noreturn));

/* Entry points; each serves kicks as the policy says, before it returns. */
uint64_t fake_read(struct fake_host *h, unsigned bar, uint64_t off, unsigned size);
void fake_write(struct fake_host *h, unsigned bar, uint64_t off, uint64_t val, unsigned size);
void fake_reset(struct fake_host *h, enum hwnet_reset_kind kind);
void fake_carrier(struct fake_host *h, bool up);
unsigned fake_rx(struct fake_host *h, const struct pkt *const *pkts, unsigned n);
void fake_tx_ready(struct fake_host *h);
bool fake_wake(struct fake_host *h, const struct pkt *pkt);
void fake_describe(struct fake_host *h, hwnet_say *say, void *opaque);
size_t fake_save(struct fake_host *h, void *buf, size_t cap);
int fake_load(struct fake_host *h, const void *buf, size_t len, char *err, size_t errlen);

/**
 * fake_rx_bytes() - One plain frame arrives
 * @h:   The host
 * @buf: Its bytes
 * @len: Their number
 *
 * Return: true if it was dealt with.
 */
bool fake_rx_bytes(struct fake_host *h, const void *buf, uint32_t len);

/**
 * fake_run() - One hwnet_run(), whatever the policy
 * @h:      The host
 * @budget: Passed on
 *
 * Return: what it returned.
 */
bool fake_run(struct fake_host *h, unsigned budget);

/**
 * fake_advance() - Let time pass
 * @h:  The host
 * @ns: How much. Timers run at their deadlines, in order; a deadline that has passed runs at once
 */
void fake_advance(struct fake_host *h, int64_t ns);

/**
 * fake_tx_clear() - Forget the frames that left
 * @h: The host
 */
void fake_tx_clear(struct fake_host *h);

/**
 * fake_irq_clear() - Forget edges and messages; the line stays as it is
 * @h: The host
 */
void fake_irq_clear(struct fake_host *h);

/*
 * Guest memory, as the guest's CPU sees it: these abort if @addr is not memory. Numbers are little
 * end first.
 */
uint8_t *fake_mem(struct fake_host *h, uint64_t addr, size_t len);
uint64_t fake_alloc(struct fake_host *h, size_t size, size_t align);
uint64_t fake_alloc_high(struct fake_host *h, size_t size, size_t align);
void fake_put(struct fake_host *h, uint64_t addr, const void *buf, size_t len);
void fake_get(struct fake_host *h, uint64_t addr, void *buf, size_t len);
void fake_fill(struct fake_host *h, uint64_t addr, uint8_t val, size_t len);
void fake_put_le(struct fake_host *h, uint64_t addr, uint64_t val, unsigned size);
uint64_t fake_get_le(struct fake_host *h, uint64_t addr, unsigned size);

static inline void fake_put8(struct fake_host *h, uint64_t addr, uint8_t v)
{
	fake_put_le(h, addr, v, 1);
}

static inline void fake_put16(struct fake_host *h, uint64_t addr, uint16_t v)
{
	fake_put_le(h, addr, v, 2);
}

static inline void fake_put32(struct fake_host *h, uint64_t addr, uint32_t v)
{
	fake_put_le(h, addr, v, 4);
}

static inline void fake_put64(struct fake_host *h, uint64_t addr, uint64_t v)
{
	fake_put_le(h, addr, v, 8);
}

static inline uint8_t fake_get8(struct fake_host *h, uint64_t addr)
{
	return (uint8_t)fake_get_le(h, addr, 1);
}

static inline uint16_t fake_get16(struct fake_host *h, uint64_t addr)
{
	return (uint16_t)fake_get_le(h, addr, 2);
}

static inline uint32_t fake_get32(struct fake_host *h, uint64_t addr)
{
	return (uint32_t)fake_get_le(h, addr, 4);
}

static inline uint64_t fake_get64(struct fake_host *h, uint64_t addr)
{
	return fake_get_le(h, addr, 8);
}

#endif
