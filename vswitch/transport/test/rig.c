/* SPDX-License-Identifier: BSD-2-Clause */
/* A bench for transports; see rig.h. */
#include "rig.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static int64_t bench_now(void *opaque)
{
	return ((struct bench *)opaque)->now;
}

static unsigned card_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct bench *b = opaque;

	for (unsigned i = 0; i < n; i++) {
		struct bench_frame *f = &b->got[b->n++ % BENCH_KEEP];

		free(f->bytes);
		f->len = pkts[i]->len;
		f->gso_size = pkts[i]->gso_size;
		f->bytes = malloc(f->len);
		pkt_copy(pkts[i], 0, f->bytes, f->len);
	}
	return n;
}

static void card_input_ready(void *opaque)
{
	((struct bench *)opaque)->ready++;
}

const struct vsw_port_ops bench_card_ops = { card_send, card_input_ready, NULL };

static void wire_failed(void *opaque, struct vsw_wire *wire)
{
	struct bench *b = opaque;

	b->failed++;
	memcpy(b->why, wire->why, sizeof(b->why));
}

static const struct vsw_wire_host wire_host = { wire_failed, NULL };

static void event(void *opaque, const struct vsw_event *ev)
{
	if (ev->kind == VSW_EVENT_LINK && !strcmp(vsw_port_id(ev->port), "wire"))
		((struct bench *)opaque)->link = !strcmp(ev->text, "link up");
}

static struct vsw_port *add(struct bench *b, const char *id, const struct vsw_port_ops *ops,
			    void *opaque)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct vsw_port *p;

	conf.id = id;
	p = vsw_port_add(b->seat.sw, &conf, ops, opaque, b->err, sizeof(b->err));
	ck_assert_msg(p != NULL, "%s", b->err);
	return p;
}

struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct vsw_worker_conf wc = { .now = bench_now, .opaque = b, .poll_max = -1 };
	struct vsw_conf conf = { .name = "bench", .host = &vsw_seat_host, .seed = 1 };

	b->now = 1000000000;
	b->worker = vsw_worker_new(&wc, b->err, sizeof(b->err));
	ck_assert_msg(b->worker != NULL, "%s", b->err);
	b->seat = (struct vsw_seat) { .worker = b->worker, .event = event, .opaque = b };
	conf.opaque = &b->seat;
	b->seat.sw = vsw_new(&conf, b->err, sizeof(b->err));
	ck_assert_msg(b->seat.sw != NULL, "%s", b->err);
	b->card = add(b, "card", &bench_card_ops, b);
	b->jack.port = add(b, "wire", &vsw_jack_ops, &b->jack);
	vsw_port_set_link(b->jack.port, false);
	return b;
}

void bench_free(struct bench *b)
{
	bench_unplug(b);
	vsw_free(b->seat.sw);
	vsw_worker_free(b->worker);
	bench_clear(b);
	free(b);
}

/* Options as "key=value key=value"; NULL: none */
static void *parse(const struct vsw_transport *t, const char *text, char *err, size_t errlen)
{
	void *options = vsw_options_new(t->options, t->options_size);
	char *copy = strdup(text ? text : ""), *save = NULL;

	for (char *p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save)) {
		char *value = strchr(p, '=');

		*value++ = 0;
		ck_assert_msg(vsw_option_set(t->options, options, p, value, err, errlen) == 0, "%s",
			      err);
	}
	free(copy);
	return options;
}

/* Open a wire; NULL, and b->err says why */
struct vsw_wire *bench_open(struct bench *b, const char *transport, int fd, const char *options)
{
	const struct vsw_transport *t = vsw_transport_find(transport);
	struct vsw_wire_conf conf = { .port = "wire", .fd = fd, .worker = b->worker };
	void *opts;

	ck_assert_msg(t != NULL, "no transport %s", transport);
	opts = parse(t, options, b->err, sizeof(b->err));
	conf.options = opts;
	conf.host = &wire_host;
	conf.opaque = b;
	conf.from = b->from;
	b->from = NULL;
	b->wire = t->open(&conf, b->err, sizeof(b->err));
	vsw_options_free(t->options, opts);
	return b->wire;
}

struct vsw_wire *bench_plug(struct bench *b, const char *transport, int fd, const char *options)
{
	ck_assert_msg(bench_open(b, transport, fd, options) != NULL, "%s", b->err);
	vsw_wire_plug(b->wire, &b->jack);
	return b->wire;
}

void bench_unplug(struct bench *b)
{
	if (!b->wire)
		return;
	vsw_wire_unplug(b->wire);
	vsw_wire_close(b->wire);
	b->wire = NULL;
}

/* Go round until nothing happens any more, and read the notes */
void bench_run(struct bench *b)
{
	for (int i = 0; i < 64; i++)
		vsw_worker_round(b->worker, 0);
	vsw_notes_read(b->worker);
}

/* A frame to all, from one station, its bytes depend on @number */
void bench_frame_make(uint8_t *buf, uint32_t len, unsigned number)
{
	memset(buf, 0xff, 6);
	memset(buf + 6, 0, 6);
	buf[6] = 2;
	buf[11] = 1;
	frame_put_be16(buf + 12, 0x88b5);
	for (uint32_t i = 14; i < len; i++)
		buf[i] = (uint8_t)(i * 7 + number);
}

/* Frames numbered from 0 from the card to the wire, in bursts */
void bench_send(struct bench *b, unsigned n, uint32_t len)
{
	uint8_t *buf = malloc(len);

	for (unsigned i = 0; i < n; i++) {
		struct pkt pkt;
		struct iovec iov;
		const struct pkt *one = &pkt;

		bench_frame_make(buf, len, i);
		pkt_flat(&pkt, &iov, buf, len);
		ck_assert_uint_eq(vsw_port_input(b->card, &one, 1), 1);
	}
	free(buf);
}

void bench_clear(struct bench *b)
{
	for (unsigned i = 0; i < BENCH_KEEP; i++) {
		free(b->got[i].bytes);
		b->got[i].bytes = NULL;
	}
	b->n = 0;
}

uint64_t bench_fact(struct bench *b, const char *name)
{
	struct vsw_facts facts = { .n = 0 };

	b->wire->transport->show(b->wire, &facts);
	for (unsigned i = 0; i < facts.n; i++)
		if (!strcmp(facts.fact[i].name, name))
			return facts.fact[i].number;
	ck_abort_msg("%s shows no %s", b->wire->transport->name, name);
	return 0;
}
