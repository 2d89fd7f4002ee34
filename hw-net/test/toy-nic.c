/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest card there can be; see toy-nic.h. */
#include "toy-nic.h"

#include <stdio.h>
#include <string.h>

#include "deadlines.h"

enum toy_slot {
	SLOT_TXADDR,
	SLOT_TXLEN = 2,
	SLOT_DOORBELL,
	SLOT_RXADDR,
	SLOT_RXLEN = 6,
	SLOT_TIMER,
	SLOT_CAUSE,
	SLOT_COUNT,
	SLOT_LUT,
};

struct toy_state {
	uint32_t words[TOY_SLOTS];
	int64_t deadline;
	uint8_t pending;
};

struct toy {
	struct hwnet_nic nic;
	uint8_t frame[2048];
	void *kept;
	unsigned ran;
};

static struct toy_state *state_of(struct hwnet_nic *nic)
{
	return nic->state;
}

static bool breaks(struct hwnet_nic *nic, enum toy_breach rule)
{
	return nic->cfg.values[TOY_PROP_BREACH] == rule;
}

static void set_cause(struct hwnet_nic *nic, uint32_t set, uint32_t clear)
{
	struct toy_state *st = state_of(nic);
	uint32_t was = st->words[SLOT_CAUSE];
	enum hwnet_irq_mode mode = nic->host->irq_mode(nic->opaque);

	st->words[SLOT_CAUSE] = (was | set) & ~clear;
	if (mode == HWNET_IRQ_INTX && !breaks(nic, TOY_BREACH_MSI_OFF))
		hwnet_intx(nic, st->words[SLOT_CAUSE] != 0);
	else if (st->words[SLOT_CAUSE] & ~was)
		hwnet_msi(nic, 0);
}

static void cause_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	set_cause(nic, 0, val & reg->wmask);
}

static uint64_t address(const uint32_t *words)
{
	return words[0] | (uint64_t)words[1] << 32;
}

static unsigned send_frame(struct toy *toy, uint32_t len)
{
	struct iovec iov[2] = { { toy->frame, len } };
	struct pkt pkt = { .iov = iov, .iovcnt = 1, .len = len };
	const struct pkt *pkts[] = { &pkt };

	if (breaks(&toy->nic, TOY_BREACH_SHORT_HEAD)) {
		iov[0].iov_len = 20;
		iov[1] = (struct iovec) { toy->frame + 20, len - 20 };
		pkt.iovcnt = 2;
	}
	if (breaks(&toy->nic, TOY_BREACH_WRONG_LEN))
		pkt.len--;
	return toy->nic.host->tx(toy->nic.opaque, 0, pkts, 1);
}

static void doorbell_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			   uint32_t val)
{
	state_of(nic)->pending = 1;
	if (breaks(nic, TOY_BREACH_TX_IN_WRITE))
		send_frame((struct toy *)nic, 60);
	hwnet_kick(nic);
}

static void timer_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	struct toy_state *st = state_of(nic);

	st->words[SLOT_TIMER] = val;
	st->deadline = hwnet_now(nic) + (int64_t)val * 1000;
	hwnet_arm(nic, st->deadline);
}

static void rxlen_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	state_of(nic)->words[SLOT_RXLEN] = val & reg->wmask;
	if (val)
		nic->host->rx_ready(nic->opaque);
}

static const struct hwnet_reg rows[] = {
	{ TOY_TXADDR, 2, 0, SLOT_TXADDR, REG_RW, 0, ~0u, "TXADDR", NULL, NULL, "toy", "where" },
	{ TOY_TXLEN, 0, 0, SLOT_TXLEN, REG_RW, 60, 0x7ff, "TXLEN", NULL, NULL, "toy", "how long" },
	{ TOY_DOORBELL, 0, 0, SLOT_DOORBELL, REG_WO, 0, ~0u, "DOORBELL", NULL, doorbell_write,
	  "toy", "send" },
	{ TOY_RXADDR, 2, 0, SLOT_RXADDR, REG_RW, 0, ~0u, "RXADDR", NULL, NULL, "toy", "where" },
	{ TOY_RXLEN, 0, 0, SLOT_RXLEN, REG_RW, 0, 0x7ff, "RXLEN", NULL, rxlen_write, "toy",
	  "room" },
	{ TOY_TIMER, 0, 0, SLOT_TIMER, REG_RW, 0, ~0u, "TIMER", NULL, timer_write, "toy", "us" },
	{ TOY_CAUSE, 0, 0, SLOT_CAUSE, REG_W1C, 0, 7, "CAUSE", NULL, cause_write, "toy", "why" },
	{ TOY_COUNT, 0, 0, SLOT_COUNT, REG_RC, 0, 0, "COUNT", NULL, NULL, "toy", "frames sent" },
	{ TOY_LUT, 4, 16, SLOT_LUT, REG_RW, 0x11, 0xff, "LUT", NULL, NULL, "toy", "far apart" },
};

const struct hwnet_regspace toy_space = { "Toy", 4, 32, rows, sizeof(rows) / sizeof(rows[0]) };

static const struct hwnet_field fields[] = {
	HWNET_FIELD_ARRAY(struct toy_state, words),
	HWNET_FIELD(struct toy_state, deadline),
	HWNET_FIELD_BOOL(struct toy_state, pending),
};

static const char *const sizes[] = { "small", "large", NULL };

static const struct hwnet_prop props[] = {
	{ "breach", "rule to break", HWNET_PROP_UINT, 0, 0, TOY_BREACHES - 1, NULL },
	{ "size", "of nothing", HWNET_PROP_ENUM, 1, 0, 0, sizes, true },
	{ "lazy", "fails to be made", HWNET_PROP_BOOL, 0, 0, 0, NULL },
	{ NULL },
};

static int toy_init(struct hwnet_nic *nic, char *err, size_t errlen)
{
	if (!nic->cfg.values[TOY_PROP_LAZY])
		return 0;
	snprintf(err, errlen, "too lazy");
	return -1;
}

static void toy_state_reset(const struct hwnet_nic *nic, void *state)
{
	struct toy_state *st = state;

	memset(st, 0, sizeof(*st));
	hwnet_regs_reset(&toy_space, st->words);
	st->deadline = HWNET_NEVER;
}

static const char *toy_state_check(const struct hwnet_nic *nic, const void *state)
{
	const struct toy_state *st = state;

	return st->words[SLOT_TXLEN] > 0x7ff ? "TXLEN is beyond its mask" : NULL;
}

static void toy_loaded(struct hwnet_nic *nic)
{
	struct toy_state *st = state_of(nic);

	if (breaks(nic, TOY_BREACH_STATE))
		st->words[SLOT_LUT]++;
	hwnet_arm(nic, st->deadline);
	set_cause(nic, 0, 0);
	if (st->pending)
		hwnet_kick(nic);
}

static void toy_pci(const struct hwnet_nic *nic, struct hwnet_pci *pci)
{
	pci->vendor = 0x1234;
	pci->device = 0x5678;
	pci->class_code = 0x020000;
	pci->bars[0] = (struct hwnet_bar) { HWNET_BAR_MEM, false, false, 0x100 };
}

static void toy_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind)
{
	toy_state_reset(nic, nic->state);
	hwnet_arm(nic, HWNET_NEVER);
	hwnet_intx(nic, false);
}

static void toy_set_carrier(struct hwnet_nic *nic, bool up)
{
	nic->host->link_changed(nic->opaque);
}

static void toy_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	*link = (struct hwnet_link) { nic->carrier, true, 10 };
}

static uint64_t toy_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&toy_space, (uint32_t)off, &index);

	if (breaks(nic, TOY_BREACH_LONG_READ))
		return ~0ull;
	return reg && size == 4 ? hwnet_reg_get(nic, reg, index, state_of(nic)->words) : 0;
}

static void toy_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val,
		      unsigned size)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&toy_space, (uint32_t)off, &index);

	if (reg && size == 4)
		hwnet_reg_set(nic, reg, index, state_of(nic)->words, (uint32_t)val);
}

/* Fetch the frame: mapped piece by piece, as far as that goes; copied otherwise. */
static int fetch(struct toy *toy, uint64_t addr, uint32_t len)
{
	struct hwnet_nic *nic = &toy->nic;

	for (uint32_t at = 0; at < len;) {
		size_t got = len - at;
		uint8_t *p = hwnet_dma_map(nic, addr + at, &got, false);

		if (!p)
			return hwnet_dma_read(nic, addr + at, toy->frame + at, len - at);
		memcpy(toy->frame + at, p, got);
		at += (uint32_t)got;
		if (breaks(nic, TOY_BREACH_KEEP_MAP))
			continue;
		hwnet_dma_unmap(nic, p, got, false,
				breaks(nic, TOY_BREACH_UNMAP_MORE) ? got + 1 : got);
	}
	return 0;
}

static bool toy_run(struct hwnet_nic *nic, unsigned budget)
{
	struct toy_state *st = state_of(nic);
	uint32_t len = st->words[SLOT_TXLEN];

	if (breaks(nic, TOY_BREACH_ENDLESS))
		return true;
	if (!st->pending)
		return false;
	if (breaks(nic, TOY_BREACH_KICK_IN_RUN))
		hwnet_kick(nic);
	if (len < 14 || fetch((struct toy *)nic, address(&st->words[SLOT_TXADDR]), len)) {
		hwnet_guest_error(nic, "no frame of %u bytes there", len);
		st->pending = 0;
		return false;
	}
	if (!send_frame((struct toy *)nic, len))
		return false;
	st->pending = 0;
	st->words[SLOT_COUNT]++;
	nic->counters.tx_frames++;
	set_cause(nic, TOY_SENT, 0);
	return false;
}

static void toy_timer(struct hwnet_nic *nic)
{
	struct toy_state *st = state_of(nic);

	if (breaks(nic, TOY_BREACH_TIMER)) {
		hwnet_arm(nic, hwnet_now(nic));
		return;
	}
	if (hwnet_due(&st->deadline, hwnet_now(nic)))
		set_cause(nic, TOY_TIMED, 0);
	hwnet_arm(nic, st->deadline);
}

static unsigned toy_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	struct toy_state *st = state_of(nic);
	uint32_t room = st->words[SLOT_RXLEN];

	if (breaks(nic, TOY_BREACH_RX_READY_IN_RX))
		nic->host->rx_ready(nic->opaque);
	if (!n || !room)
		return 0;
	if (pkts[0]->len <= room && pkts[0]->iovcnt == 1 &&
	    !hwnet_dma_write(nic, address(&st->words[SLOT_RXADDR]), pkts[0]->iov[0].iov_base,
			     pkts[0]->len)) {
		nic->counters.rx_frames++;
		st->words[SLOT_RXLEN] = 0;
		set_cause(nic, TOY_RECEIVED, 0);
	} else {
		nic->counters.rx_dropped++;
	}
	return 1;
}

static uint32_t toy_rx_caps(const struct hwnet_nic *nic)
{
	return 0;
}

static void toy_tx_ready(struct hwnet_nic *nic)
{
	if (state_of(nic)->pending)
		hwnet_kick(nic);
}

static void toy_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f)
{
	f->promiscuous = true;
}

static const struct hwnet_model_ops ops = {
	.nic_size = sizeof(struct toy),
	.state_size = sizeof(struct toy_state),
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.regs = &toy_space,
	.n_regs = 1,
	.init = toy_init,
	.state_reset = toy_state_reset,
	.state_check = toy_state_check,
	.loaded = toy_loaded,
	.pci = toy_pci,
	.reset = toy_reset,
	.set_carrier = toy_set_carrier,
	.link = toy_link,
	.read = toy_read,
	.write = toy_write,
	.run = toy_run,
	.timer = toy_timer,
	.rx = toy_rx,
	.rx_caps = toy_rx_caps,
	.tx_ready = toy_tx_ready,
	.rx_filter = toy_rx_filter,
};

const struct hwnet_model toy_model = { "toy", "the smallest card there can be", props, &ops };
