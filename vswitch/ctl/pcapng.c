/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture files in pcapng (pcapng.h). Numbers are the machine's: the first one says so. */
#include "pcapng.h"

#include <string.h>

#define BLOCK_SECTION	0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET	6u
#define BYTE_ORDER_MARK 0x1a2b3c4du
#define LINK_ETHERNET	1u

enum { OPT_END = 0, OPT_COMMENT = 1, OPT_IF_NAME = 2, OPT_PACKET_FLAGS = 2, OPT_IF_TSRESOL = 9 };

/* struct pcapng - @ports: numbers of interfaces by name, from 1; @block: the one being made */
struct pcapng {
	FILE *out;
	GHashTable *ports;
	GByteArray *block;
};

static void put16(struct pcapng *p, guint16 n)
{
	g_byte_array_append(p->block, (const guint8 *)&n, sizeof(n));
}

static void put32(struct pcapng *p, guint32 n)
{
	g_byte_array_append(p->block, (const guint8 *)&n, sizeof(n));
}

/* Bytes, and zeros up to a multiple of four */
static void put_bytes(struct pcapng *p, const void *bytes, guint n)
{
	static const guint8 zeros[4];

	g_byte_array_append(p->block, bytes, n);
	g_byte_array_append(p->block, zeros, -n & 3);
}

static void put_option(struct pcapng *p, guint16 code, const void *bytes, guint16 n)
{
	put16(p, code);
	put16(p, n);
	put_bytes(p, bytes, n);
}

static void begin(struct pcapng *p, guint32 type)
{
	g_byte_array_set_size(p->block, 0);
	put32(p, type);
	put32(p, 0); /* its length */
}

/* The block's length stands at both ends */
static void end(struct pcapng *p)
{
	guint32 len;

	put16(p, OPT_END);
	put16(p, 0);
	len = p->block->len + 4;
	put32(p, len);
	memcpy(p->block->data + 4, &len, sizeof(len));
	fwrite(p->block->data, 1, p->block->len, p->out);
}

struct pcapng *pcapng_new(FILE *out)
{
	struct pcapng *p = g_new0(struct pcapng, 1);

	p->out = out;
	p->ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	p->block = g_byte_array_new();
	begin(p, BLOCK_SECTION);
	put32(p, BYTE_ORDER_MARK);
	put16(p, 1);
	put16(p, 0);
	put32(p, G_MAXUINT32); /* the section's length is not known */
	put32(p, G_MAXUINT32);
	end(p);
	return p;
}

void pcapng_free(struct pcapng *p)
{
	g_hash_table_destroy(p->ports);
	g_byte_array_free(p->block, TRUE);
	g_free(p);
}

static guint32 interface(struct pcapng *p, const char *port)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(p->ports, port));
	static const guint8 nanoseconds = 9;

	if (n)
		return n - 1;
	n = g_hash_table_size(p->ports) + 1;
	g_hash_table_insert(p->ports, g_strdup(port), GUINT_TO_POINTER(n));
	begin(p, BLOCK_INTERFACE);
	put16(p, LINK_ETHERNET);
	put16(p, 0);
	put32(p, 0); /* no limit */
	put_option(p, OPT_IF_NAME, port, (guint16)strlen(port));
	put_option(p, OPT_IF_TSRESOL, &nanoseconds, 1);
	end(p);
	return n - 1;
}

void pcapng_put(struct pcapng *p, const struct pcapng_frame *f)
{
	guint32 port = interface(p, f->port), direction = f->inbound ? 1 : 2;

	begin(p, BLOCK_PACKET);
	put32(p, port);
	put32(p, (guint32)((guint64)f->when >> 32));
	put32(p, (guint32)f->when);
	put32(p, f->n);
	put32(p, f->len);
	put_bytes(p, f->bytes, f->n);
	put_option(p, OPT_PACKET_FLAGS, &direction, sizeof(direction));
	if (f->comment)
		put_option(p, OPT_COMMENT, f->comment, (guint16)strlen(f->comment));
	end(p);
}
