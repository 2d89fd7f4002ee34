/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a model gives to nic.c, and the part of a card that all models share.
 *
 * DOC: Theory of Operation
 *
 * Each card is one allocation: struct hwnet_nic first, then the model's own members. Those that a
 * save must carry stand in one struct of the model, its *state*, described by a table of fields
 * (state.h). nic.c allocates the state twice: the second copy is where hwnet_load() builds and
 * checks a saved state before the card sees any of it.
 */
#ifndef HW_NET_MODEL_H
#define HW_NET_MODEL_H

#include "describe.h"
#include "hwnet/nic.h"
#include "regs.h"
#include "state.h"

/* What most frames do without is kept out of the code that all of them go through. */
#define HWNET_APART __attribute__((noinline))
#define HWNET_RARE  __attribute__((noinline, cold))

/**
 * struct hwnet_nic - First member of every card
 * @model:  Its kind
 * @host:   Operations
 * @opaque: Their first argument
 * @cfg:    The user's choice
 * @counters: See nic.h
 * @carrier: The cable is plugged; not part of the state, the host's business
 * @intx_level: Line as last driven
 * @armed:  Deadline as last told to the host
 * @state:  The model's state (inside or behind this allocation)
 * @shadow: A second one, for loading
 */
struct hwnet_nic {
	const struct hwnet_model *model;
	const struct hwnet_host *host;
	void *opaque;
	struct hwnet_config cfg;
	struct hwnet_counters counters;
	bool carrier;
	bool intx_level;
	int64_t armed;
	void *state, *shadow;
};

/**
 * struct hwnet_command - A command, of a card that has a command register
 * @num:    What the guest writes
 * @rev:    Revision of the card that has it first
 * @active: Only while the card is active
 * @name:   As drivers call it
 * @text:   What it does and answers, one line (for the reference page)
 * @run:    Do it; the answer
 */
struct hwnet_command {
	uint32_t num;
	uint8_t rev;
	bool active;
	const char *name;
	const char *text;
	uint32_t (*run)(struct hwnet_nic *nic);
};

/**
 * struct hwnet_model_ops - A model's side of nic.h
 * @nic_size:    sizeof the model's card
 * @state_size:  sizeof its state
 * @fields: @n_fields: the state's table
 * @regs: @n_regs: register tables, one per register space, for dumps, tests, and documents
 * @commands: @n_commands: its command table, if it has one; for documents
 * @init:        After allocation (zeroed): check the configuration, set pointers. 0, or -1 with
 * @err filled
 * @state_reset: Fill a state with what a missing field stands for (power-on values)
 * @state_check: Is this loaded state sound as a whole? NULL, or what is wrong. Field ranges were
 *               checked already
 * @loaded:      @nic->state was replaced: derive what is derived, set up deadlines, interrupt line,
 *               kick
 *
 * The others are the functions of nic.h of the same name. @set_carrier is called on changes only.
 * @wake may be NULL. So may @describe, which says what is the model's own; describe.c says what all
 * models have.
 */
struct hwnet_model_ops {
	size_t nic_size, state_size;
	const struct hwnet_field *fields;
	unsigned n_fields;
	const struct hwnet_regspace *regs;
	unsigned n_regs;
	const struct hwnet_command *commands;
	unsigned n_commands;
	int (*init)(struct hwnet_nic *nic, char *err, size_t errlen);
	void (*state_reset)(const struct hwnet_nic *nic, void *state);
	const char *(*state_check)(const struct hwnet_nic *nic, const void *state);
	void (*loaded)(struct hwnet_nic *nic);
	void (*pci)(const struct hwnet_nic *nic, struct hwnet_pci *pci);
	void (*reset)(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
	void (*set_carrier)(struct hwnet_nic *nic, bool up);
	void (*link)(const struct hwnet_nic *nic, struct hwnet_link *link);
	uint64_t (*read)(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
	void (*write)(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val,
		      unsigned size);
	bool (*run)(struct hwnet_nic *nic, unsigned budget);
	void (*timer)(struct hwnet_nic *nic);
	unsigned (*rx)(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);
	uint32_t (*rx_caps)(const struct hwnet_nic *nic);
	void (*tx_ready)(struct hwnet_nic *nic);
	void (*rx_filter)(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);
	bool (*wake)(struct hwnet_nic *nic, const struct pkt *pkt);
	void (*describe)(struct hwnet_nic *nic, const struct hwnet_listener *to);
};

/* Host operations with the shared bookkeeping; models use these, not host->... directly. */

static inline int hwnet_dma_read(struct hwnet_nic *nic, uint64_t addr, void *buf, size_t len)
{
	return nic->host->dma_read(nic->opaque, addr, buf, len);
}

static inline int hwnet_dma_write(struct hwnet_nic *nic, uint64_t addr, const void *buf, size_t len)
{
	return nic->host->dma_write(nic->opaque, addr, buf, len);
}

static inline void *hwnet_dma_map(struct hwnet_nic *nic, uint64_t addr, size_t *len, bool to_guest)
{
	return nic->host->dma_map ? nic->host->dma_map(nic->opaque, addr, len, to_guest) : NULL;
}

static inline void hwnet_dma_unmap(struct hwnet_nic *nic, void *ptr, size_t len, bool to_guest,
				   size_t used)
{
	if (nic->host->dma_unmap)
		nic->host->dma_unmap(nic->opaque, ptr, len, to_guest, used);
}

static inline int64_t hwnet_now(const struct hwnet_nic *nic)
{
	return nic->host->now(nic->opaque);
}

static inline void hwnet_kick(struct hwnet_nic *nic)
{
	nic->counters.doorbells++;
	nic->host->kick(nic->opaque);
}

/* Tell the host the nearest deadline, if it is news. */
static inline void hwnet_arm(struct hwnet_nic *nic, int64_t deadline)
{
	if (deadline == nic->armed)
		return;
	nic->armed = deadline;
	nic->host->timer(nic->opaque, deadline);
}

static inline void hwnet_msi(struct hwnet_nic *nic, unsigned vec)
{
	nic->counters.interrupts++;
	nic->host->msi(nic->opaque, vec);
}

/* Drive INTA#; repeats are swallowed. */
static inline void hwnet_intx(struct hwnet_nic *nic, bool level)
{
	if (level == nic->intx_level)
		return;
	nic->intx_level = level;
	nic->counters.interrupts += level;
	nic->host->intx(nic->opaque, level);
}

#define hwnet_guest_error(nic, ...)                                   \
	do {                                                          \
		(nic)->counters.guest_errors++;                       \
		(nic)->host->guest_error((nic)->opaque, __VA_ARGS__); \
	} while (0)

/* The models of this library; nic.c lists them. */
extern const struct hwnet_model hwnet_e1000, hwnet_e1000_82544gc, hwnet_e1000_82545em;
extern const struct hwnet_model hwnet_pcnet;
extern const struct hwnet_model hwnet_vmxnet3;

#endif
