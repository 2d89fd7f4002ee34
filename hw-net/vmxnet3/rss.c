/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive-side scaling: which queue a frame goes to, and what its completion says about the hash.
 *
 * Two settings select what is hashed: hashType of the RSS configuration (addresses, or addresses
 * and TCP ports, for each version of IP) and, from revision 4 on, the RSS fields, which add TCP and
 * UDP ports and the SPI of ESP. From revision 7 on the driver also has to switch the capabilities
 * on that go with those (Linux vmxnet3_set_rss_hash_opt).
 */
#include "rss.h"

/* Fields that this revision, and what the driver switched on, let it choose. TCP is always on. */
static uint32_t fields_allowed(const struct vmx_state *st)
{
	uint32_t caps = st->regs[SLOT_DCR], f = RSS_FIELD_TCP4 | RSS_FIELD_TCP6;

	if (st->rev < 7) {
		f |= RSS_FIELD_UDP4 | RSS_FIELD_UDP6 | RSS_FIELD_ESP4;
		return st->rev >= 5 ? f | RSS_FIELD_ESP6 : f;
	}
	if (caps & CAP_UDP_RSS)
		f |= RSS_FIELD_UDP4 | RSS_FIELD_UDP6;
	if (caps & CAP_ESP_RSS_IPV4)
		f |= RSS_FIELD_ESP4;
	if (caps & CAP_ESP_RSS_IPV6)
		f |= RSS_FIELD_ESP6;
	return f;
}

/**
 * vmx_rss_set_fields() - Set the RSS fields
 * @v:      The card
 * @fields: RSS_FIELD_...
 *
 * What cannot be had is left out; the driver reads back what it got.
 */
void vmx_rss_set_fields(struct vmx *v, uint32_t fields)
{
	v->s->rss_fields = (fields & fields_allowed(v->s)) | RSS_FIELD_TCP4 | RSS_FIELD_TCP6;
	vmx_rss_derive(v);
}

/**
 * vmx_check_rss_table() - Is the indirection table sound?
 * @st: State
 *
 * One that a saved state brought, or an earlier number of queues left, is not looked at as long as
 * RSS is off.
 *
 * Return: NULL, or what is wrong.
 */
const char *vmx_check_rss_table(const struct vmx_state *st)
{
	if (!st->table_len)
		return "RSS without indirection table";
	for (unsigned i = 0; i < st->table_len; i++)
		if (st->table[i] >= st->n_rxq)
			return "indirection table names a queue that there is not";
	return NULL;
}

/**
 * vmx_rss_choose_fields() - The command SET_RSS_FIELDS
 * @v:      The card
 * @fields: What the driver chose
 *
 * Fields stand by themselves, and always have TCP in them: DPDK's hash type is without, or with
 * nothing at all, the first time that it asks for UDP.
 */
void vmx_rss_choose_fields(struct vmx *v, uint32_t fields)
{
	if ((v->s->features & UPT_F_RSS) && !vmx_check_rss_table(v->s))
		v->s->hash_type |= RSS_HASH_TCP_IPV4 | RSS_HASH_TCP_IPV6;
	vmx_rss_set_fields(v, fields);
}

/**
 * vmx_rss_derive() - Derive what is derived from key, hash type and fields
 * @v: The card
 */
void vmx_rss_derive(struct vmx *v)
{
	const struct vmx_state *st = v->s;
	uint32_t type = st->hash_type, f = st->rss_fields;

	v->rss_types =
		(type & RSS_HASH_IPV4 ? RSS_IPV4 : 0) | (type & RSS_HASH_IPV6 ? RSS_IPV6 : 0);
	if (type & RSS_HASH_TCP_IPV4)
		v->rss_types |= RSS_TCPV4 | (f & RSS_FIELD_UDP4 ? RSS_UDPV4 : 0);
	if (type & RSS_HASH_TCP_IPV6)
		v->rss_types |= RSS_TCPV6 | (f & RSS_FIELD_UDP6 ? RSS_UDPV6 : 0);
	toeplitz_init(&v->toeplitz, st->key, st->key_len);
}

/* NULL, or what is wrong with a configuration. */
static const char *conf_check(const struct vmx_state *st, const uint8_t *b)
{
	unsigned n = get16(b + RSS_CONF_TABLE_SIZE);

	if (get16(b + RSS_CONF_FUNC) != RSS_FUNC_TOEPLITZ)
		return "hash function";
	if (!n || n > RSS_TABLE_MAX)
		return "size of the indirection table";
	if (get16(b + RSS_CONF_KEY_SIZE) > RSS_KEY_MAX)
		return "size of the key";
	for (unsigned i = 0; i < n; i++)
		if (b[RSS_CONF_TABLE + i] >= st->n_rxq)
			return "indirection table names a queue that there is not";
	return NULL;
}

static const char *conf_read(struct vmx *v, const uint8_t *desc, uint8_t *b)
{
	if (get32(desc + 4) < RSS_CONF_SIZE ||
	    hwnet_dma_read(&v->nic, get64(desc + 8), b, RSS_CONF_SIZE))
		return "address or length";
	return conf_check(v->s, b);
}

/**
 * vmx_rss_configure() - Read the configuration that DriverShared points to
 * @v:          The card
 * @shared:     A copy of DriverShared
 * @table_only: Only the indirection table is new
 *
 * A bad one leaves things as they were, at ACTIVATE that is: off.
 */
void vmx_rss_configure(struct vmx *v, const uint8_t *shared, bool table_only)
{
	struct vmx_state *st = v->s;
	uint8_t b[RSS_CONF_SIZE];
	const char *why;

	if (!(st->features & UPT_F_RSS)) {
		st->hash_type = 0;
		return;
	}
	why = conf_read(v, shared + DS_RSS_DESC, b);
	if (why) {
		hwnet_guest_error(&v->nic, "RSS configuration: %s", why);
		return;
	}
	st->table_len = get16(b + RSS_CONF_TABLE_SIZE);
	memcpy(st->table, b + RSS_CONF_TABLE, RSS_TABLE_MAX);
	if (table_only)
		return;
	st->hash_type = get16(b + RSS_CONF_TYPE);
	st->key_len = get16(b + RSS_CONF_KEY_SIZE);
	memcpy(st->key, b + RSS_CONF_KEY, RSS_KEY_MAX);
	vmx_rss_derive(v);
}

/* The hash over addresses and SPI (no ports in ESP, the SPI tells its flows apart). 0: no ESP, or
 * not wanted. */
static unsigned hash_esp(const struct vmx *v, const uint8_t *p, const struct frame *f,
			 uint32_t *hash)
{
	bool v4 = f->flags & FRAME_IPV4;
	unsigned n = v4 ? 8 : 32;
	uint8_t in[36];

	if (!(f->flags & FRAME_ESP) || !f->l4 || (f->flags & FRAME_FRAG) ||
	    !(v->s->rss_fields & (v4 ? RSS_FIELD_ESP4 : RSS_FIELD_ESP6)))
		return 0;
	memcpy(in, p + f->saddr, n);
	memcpy(in + n, p + f->l4, 4);
	*hash = toeplitz_hash(&v->toeplitz, in, n + 4);
	return v4 ? RSS_TYPE_ESP4 : RSS_TYPE_ESP6;
}

static unsigned type_of(unsigned rss)
{
	switch (rss) {
	case RSS_TCPV4:
		return RSS_TYPE_TCP4;
	case RSS_IPV4:
		return RSS_TYPE_IPV4;
	case RSS_TCPV6:
		return RSS_TYPE_TCP6;
	case RSS_IPV6:
		return RSS_TYPE_IPV6;
	case RSS_UDPV4:
		return RSS_TYPE_UDP4;
	case RSS_UDPV6:
		return RSS_TYPE_UDP6;
	default:
		return RSS_TYPE_NONE;
	}
}

/**
 * vmx_rss_queue() - Queue of a frame, if RSS is on
 * @v:    The card
 * @pkt:  The frame
 * @f:    It, parsed
 * @type: Set: enum vmx_rss_type, for the completion
 * @hash: Set: the hash, likewise; 0 without one
 *
 * Return: the queue.
 */
unsigned vmx_rss_queue(const struct vmx *v, const struct pkt *pkt, const struct frame *f,
		       unsigned *type, uint32_t *hash)
{
	const struct vmx_state *st = v->s;

	*hash = 0; /* the guest sees it, whatever the type */
	*type = hash_esp(v, pkt_head(pkt), f, hash);
	if (!*type)
		*type = type_of(toeplitz_frame(&v->toeplitz, pkt_head(pkt), f, v->rss_types, hash));
	if (!*type)
		return 0;
	if (!(st->table_len & (st->table_len - 1)))
		return st->table[*hash & (st->table_len - 1)];
	return st->table[*hash % st->table_len];
}
