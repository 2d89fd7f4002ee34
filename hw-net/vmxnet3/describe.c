/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest's driver has made of the card, for hwnet_describe(). */
#include "describe.h"

#include <stdio.h>

/* DriverInfo at the beginning of DriverShared: version, one byte a number; operating system in bits
 * 5..2 of the next word, 32 or 64 bits (1 or 2) below. */
#define DI_VERSION 8
#define DI_GOS	   12
#define DI_SIZE	   16

/* Read when it is asked for: nothing else depends on it. */
static void say_driver(struct vmx *v, const struct hwnet_listener *to)
{
	static const char *const systems[] = { "unknown", "linux",   "windows",
					       "solaris", "freebsd", "pxe" };
	uint8_t b[DI_SIZE];
	uint32_t version, gos;
	char text[16];

	if (hwnet_dma_read(&v->nic, v->s->shared_pa, b, sizeof(b)))
		return;
	version = get32(b + DI_VERSION);
	gos = get32(b + DI_GOS) >> 2 & 15;
	snprintf(text, sizeof(text), "%u.%u.%u.%u", version >> 24, version >> 16 & 255,
		 version >> 8 & 255, version & 255);
	hwnet_say_text(to, "driver-version", text);
	hwnet_say_text(to, "driver-os", systems[gos < 6 ? gos : 0]);
}

static void say_features(const struct vmx_state *st, const struct hwnet_listener *to)
{
	hwnet_say_number(to, "mtu", st->mtu);
	hwnet_say_yes_no(to, "rx-checksum", st->features & UPT_F_RXCSUM);
	hwnet_say_yes_no(to, "vlan-strip", st->features & UPT_F_RXVLAN);
	hwnet_say_yes_no(to, "lro", st->features & UPT_F_LRO);
	hwnet_say_yes_no(to, "tunnel-offload", st->rev >= 4 && (st->features & UPT_F_RXINNEROFLD));
}

static void say_transmit(const struct vmx_state *st, const struct hwnet_listener *to)
{
	uint32_t size[VMX_MAX_TXQ], threshold[VMX_MAX_TXQ], stopped[VMX_MAX_TXQ];

	for (unsigned i = 0; i < st->n_txq; i++) {
		size[i] = st->txq[i].size;
		threshold[i] = st->txq[i].threshold;
		stopped[i] = st->txq[i].stopped ? st->txq[i].error : 0;
	}
	hwnet_say_list(to, "tx-rings", size, st->n_txq);
	hwnet_say_list(to, "tx-thresholds", threshold, st->n_txq);
	hwnet_say_list(to, "tx-errors", stopped, st->n_txq);
}

static void say_receive(const struct vmx_state *st, const struct hwnet_listener *to)
{
	uint32_t heads[VMX_MAX_RXQ], bodies[VMX_MAX_RXQ], data[VMX_MAX_RXQ];
	uint32_t waiting[VMX_MAX_RXQ], stopped[VMX_MAX_RXQ];

	for (unsigned i = 0; i < st->n_rxq; i++) {
		heads[i] = st->rxq[i].ring[0].size;
		bodies[i] = st->rxq[i].ring[1].size;
		data[i] = st->rxq[i].data_size;
		waiting[i] = st->rxq[i].starved;
		stopped[i] = st->rxq[i].stopped ? st->rxq[i].error : 0;
	}
	hwnet_say_list(to, "rx-rings", heads, st->n_rxq);
	hwnet_say_list(to, "rx-second-rings", bodies, st->n_rxq);
	hwnet_say_list(to, "rx-data-sizes", data, st->n_rxq);
	hwnet_say_list(to, "rx-waiting", waiting, st->n_rxq);
	hwnet_say_list(to, "rx-errors", stopped, st->n_rxq);
}

/* What is hashed, in the order of the table; ESP is a field of its own. */
static void say_hash_types(const struct vmx *v, const struct hwnet_listener *to)
{
	static const struct {
		unsigned type;
		const char *name;
	} types[] = {
		{ RSS_IPV4, "ipv4 " }, { RSS_TCPV4, "tcp4 " }, { RSS_UDPV4, "udp4 " },
		{ RSS_IPV6, "ipv6 " }, { RSS_TCPV6, "tcp6 " }, { RSS_UDPV6, "udp6 " },
	};
	uint32_t fields = v->s->rss_fields;
	char text[64] = "";
	size_t n = 0;

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (v->rss_types & types[i].type)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", types[i].name);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
			      fields & RSS_FIELD_ESP4 ? "esp4 " : "",
			      fields & RSS_FIELD_ESP6 ? "esp6 " : "");
	if (n)
		text[n - 1] = 0;
	hwnet_say_text(to, "rss-types", text);
}

static void say_rss(const struct vmx *v, const struct hwnet_listener *to)
{
	const struct vmx_state *st = v->s;
	uint32_t table[RSS_TABLE_MAX];

	hwnet_say_yes_no(to, "rss", st->hash_type);
	if (!st->hash_type)
		return;
	for (unsigned i = 0; i < st->table_len; i++)
		table[i] = st->table[i];
	say_hash_types(v, to);
	hwnet_say_bytes(to, "rss-key", st->key, st->key_len);
	hwnet_say_list(to, "rss-table", table, st->table_len);
}

static void say_interrupts(const struct vmx_state *st, const struct hwnet_listener *to)
{
	static const char *const modes[] = { "disabled", "adaptive", "static", "rate-based" };
	uint32_t level[VMX_MAX_INTRS];

	for (unsigned i = 0; i < st->n_intrs; i++)
		level[i] = st->intr[i].level;
	hwnet_say_yes_no(to, "auto-mask", st->auto_mask);
	hwnet_say_list(to, "moderation-levels", level, st->n_intrs);
	hwnet_say_text(to, "coalescing", modes[st->coal_mode]);
	if (st->coal_mode == COAL_RBC)
		hwnet_say_number(to, "coalescing-rate", st->coal_rate);
	if (st->coal_mode != COAL_STATIC)
		return;
	hwnet_say_number(to, "coalescing-tx-ring", st->coal_depth);
	hwnet_say_number(to, "coalescing-tx", st->coal_tx);
	hwnet_say_number(to, "coalescing-rx", st->coal_rx);
}

/**
 * vmx_describe() - Say what the driver has made of the card
 * @nic: The card
 * @to:  Who is told
 *
 * An inactive device has nothing but its revision.
 */
void vmx_describe(struct hwnet_nic *nic, const struct hwnet_listener *to)
{
	struct vmx *v = vmx_of(nic);

	hwnet_say_yes_no(to, "active", v->s->active);
	hwnet_say_number(to, "revision", v->s->rev);
	if (!v->s->active)
		return;
	say_driver(v, to);
	say_features(v->s, to);
	say_transmit(v->s, to);
	say_receive(v->s, to);
	say_rss(v, to);
	say_interrupts(v->s, to);
}
