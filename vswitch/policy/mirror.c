/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mirror sessions: copies of what ports send and get, to a port, to a VLAN of an uplink, or in
 * ERSPAN.
 *
 * While a receiver is visited, frames to be copied are only noted; they are sent when the burst is
 * done, and before that between two receivers if a session has noted many: so none is lost, however
 * many ports a session copies. A copy shows the frame with the VLAN it has in the switch. Messages
 * are copied whole where nothing is cut off or put around them; else as the frames they will
 * become.
 */
#include <stdlib.h>

#include "policy/mirror.h"

#include "core/emit.h"
#include "vswitch/fail.h"
#include "policy/erspan.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/stages.h"
#include "vswitch/query.h"

static const char *wrong(const void *element)
{
	const struct vsw_mirror *m = element;

	if (m->n_ports > VSW_MIRROR_PORTS)
		return "sources: are too many";
	if (m->kind == VSW_MIRROR_VLAN && !m->vlan)
		return "vlan: must be given (1 to 4094)";
	return NULL;
}

static int prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	const struct vsw_switch_policy *sp = &txn->sw_policy;
	struct vsw_mirrors *m;

	if (!txn->whole)
		return 0;
	m = calloc(1, sizeof(*m) + sp->n_mirrors * sizeof(m->session[0]));
	if (!m)
		return vsw_fail(err, errlen, "out of memory");
	m->n = sp->n_mirrors;
	for (unsigned i = 0; i < m->n; i++)
		m->session[i].conf = sp->mirror[i];
	txn->made[POLICY_MIRROR] = m;
	return 0;
}

/* Sessions that stay the same go on counting */
static void keep(const struct vsw_mirrors *was, struct vsw_mirrors *now)
{
	for (unsigned i = 0; was && i < now->n; i++)
		if (i < was->n && !memcmp(&was->session[i].conf, &now->session[i].conf,
					  sizeof(now->session[i].conf))) {
			now->session[i].sequence = was->session[i].sequence;
			now->session[i].count = was->session[i].count;
			now->session[i].copied = was->session[i].copied;
			now->session[i].missed = was->session[i].missed;
		}
}

static void commit(struct vsw_txn *txn)
{
	struct vsw_mirrors *was = txn->sw->mirrors;

	if (!txn->whole)
		return;
	keep(was, txn->made[POLICY_MIRROR]);
	txn->sw->mirrors = txn->made[POLICY_MIRROR];
	txn->made[POLICY_MIRROR] = was;
}

static void fini(struct vsw *sw)
{
	free(sw->mirrors);
}

/**
 * vsw_mirror_bit() - Look a session up
 * @sw:   The switch
 * @name: Its name
 *
 * Return: its bit, or 0.
 */
uint16_t vsw_mirror_bit(const struct vsw *sw, const char *name)
{
	for (unsigned i = 0; sw->mirrors && i < sw->mirrors->n; i++)
		if (!strcmp(sw->mirrors->session[i].conf.name, name))
			return (uint16_t)(1u << i);
	return 0;
}

/* A session copies a port, as the @i-th of its sources */
static void add_source(const struct mirror_session *s, unsigned n, unsigned i, struct vsw_port *p)
{
	if (!p || p == s->to)
		return;
	if (s->conf.direction[i] & VSW_DIR_FROM_PORT)
		p->mirror_in |= (uint16_t)(1u << n);
	if (s->conf.direction[i] & VSW_DIR_TO_PORT)
		p->mirror_out |= (uint16_t)(1u << n);
}

static void compile_session(struct vsw *sw, unsigned n)
{
	struct mirror_session *s = &sw->mirrors->session[n];

	s->to = vsw_port_find(sw, s->conf.to);
	for (unsigned i = 0; i < s->conf.n_ports; i++)
		add_source(s, n, i, vsw_port_find(sw, s->conf.port[i]));
}

/* A port came: who copies it, who sends his copies there? */
static void compile_first_for(struct vsw_port *p)
{
	struct vsw_mirrors *m = p->sw->mirrors;

	p->mirror_in = p->mirror_out = 0;
	for (unsigned n = 0; m && n < m->n; n++) {
		struct mirror_session *s = &m->session[n];

		if (!strcmp(s->conf.to, p->id))
			s->to = p;
		for (unsigned i = 0; i < s->conf.n_ports; i++)
			if (!strcmp(s->conf.port[i], p->id))
				add_source(s, n, i, p);
	}
}

static void gone(struct vsw_port *p)
{
	for (unsigned n = 0; p->sw->mirrors && n < p->sw->mirrors->n; n++)
		if (p->sw->mirrors->session[n].to == p)
			p->sw->mirrors->session[n].to = NULL;
}

static void compile_first(struct vsw *sw)
{
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			sw->port[i]->mirror_in = sw->port[i]->mirror_out = 0;
	for (unsigned n = 0; sw->mirrors && n < sw->mirrors->n; n++)
		compile_session(sw, n);
}

static void compile_port(struct vsw_port *p)
{
	if (p->mirror_in)
		p->in_special |= IN_MIRROR;
	if (p->mirror_out)
		p->out_special |= OUT_MIRROR;
}

void vsw_mirror_note(struct vsw *sw, uint16_t sessions, const struct vsw_burst *b, unsigned i,
		     const struct pkt *pkt, enum vsw_direction direction)
{
	while (sessions) {
		unsigned n = (unsigned)__builtin_ctz(sessions);
		struct mirror_session *s = &sw->mirrors->session[n];

		sessions &= (uint16_t)(sessions - 1);
		if (s->conf.sampling > 1 && s->count++ % s->conf.sampling)
			continue;
		if (s->n == MIRROR_NOTES) {
			s->missed++;
			continue;
		}
		s->note[s->n++] = (struct mirror_note) { pkt, b->vid[i], b->pcp[i], b->tag[i],
							 direction == VSW_DIR_TO_PORT };
		sw->mirror_noted = true;
		sw->mirror_full |= s->n >= MIRROR_FULL;
	}
}

void vsw_mirror_in(struct vsw_burst *b)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->kind[i] != KIND_DROPPED)
			vsw_mirror_note(b->in->sw, b->in->mirror_in, b, i, b->pkt[i],
					VSW_DIR_FROM_PORT);
}

/* Does the tag in the bytes show it already? A priority tag does not. */
static bool shows(const struct mirror_note *n, uint16_t tci)
{
	return n->tag == TAG_BYTES && frame_be16(pkt_head(n->pkt) + FRAME_ETH_LEN) == tci;
}

/* The frame with or without the VLAN it has in the switch; NULL if it cannot be made */
static const struct pkt *with_vlan(struct vsw_mirrors *m, const struct mirror_session *s,
				   const struct mirror_note *n)
{
	uint16_t tci = (uint16_t)(n->pcp << 12 | n->vid);

	if (s->conf.strip)
		return n->tag == TAG_NONE		  ? n->pkt :
		       pkt_vlan_pop(n->pkt, &m->buf) == 0 ? &m->buf.pkt :
							    NULL;
	if (!n->vid || shows(n, tci))
		return n->pkt;
	if (n->tag == TAG_NONE)
		return pkt_vlan_push(n->pkt, FRAME_TYPE_VLAN, tci, &m->buf) == 0 ? &m->buf.pkt :
										   NULL;
	if (n->tag == TAG_BYTES && pkt_vlan_to_meta(n->pkt, &m->buf) != 0)
		return NULL;
	m->view = n->tag == TAG_BYTES ? m->buf.pkt : *n->pkt;
	m->view.vlan_tci = tci;
	return &m->view;
}

static void emit(struct mirror_session *s, const struct pkt *pkt)
{
	s->copied += wire_frames(pkt);
	vsw_port_emit(s->to, &pkt, 1);
}

static void emit_tagged(struct vsw_mirrors *m, struct mirror_session *s, const struct pkt *pkt)
{
	if (!s->conf.vlan || s->conf.kind == VSW_MIRROR_PORT)
		emit(s, pkt);
	else if (pkt_vlan_push(pkt, FRAME_TYPE_VLAN, s->conf.vlan, &m->tagged) == 0)
		emit(s, &m->tagged.pkt);
	else
		s->missed += wire_frames(pkt);
}

/* Its first bytes; NULL if they are in too many pieces */
static const struct pkt *cut(const struct pkt *pkt, uint32_t len, struct pkt_buf *out)
{
	struct pkt_cursor c;
	uint32_t head;
	unsigned n;

	if (!len || pkt->len <= len)
		return pkt;
	pkt_cursor_init(&c, pkt, 0);
	head = pkt_front(pkt, FRAME_HDR_MAX);
	head = pkt_cursor_copy(&c, out->head, len < head ? len : head);
	out->pkt = *pkt;
	out->pkt.flags &= PKT_VLAN;
	out->pkt.iov = out->iov;
	out->pkt.len = len;
	out->iov[0] = (struct iovec) { out->head, head };
	n = pkt_cursor_borrow(&c, len - head, out->iov + 1, FRAME_PIECES_MAX - 1);
	out->pkt.iovcnt = (uint16_t)(1 + n);
	return n || head == len ? &out->pkt : NULL;
}

/* As the frames it will become: checksums done, tag in the bytes, cut, put into its tunnel */
static void send_finished(struct vsw *sw, struct mirror_session *s, const struct mirror_note *n,
			  const struct pkt *pkt)
{
	struct vsw_mirrors *m = sw->mirrors;
	bool erspan = s->conf.kind == VSW_MIRROR_ERSPAN2 || s->conf.kind == VSW_MIRROR_ERSPAN3;
	const struct pkt *f, *out;

	if (pkt_fit_begin(&m->fit, pkt, 0)) {
		s->missed++;
		return;
	}
	while ((f = pkt_fit_next(&m->fit, &m->finished))) {
		uint32_t whole = f->len;

		out = cut(f, s->conf.truncate, &m->part);
		if (out && erspan)
			out = vsw_erspan(s, out, n, whole, vsw_now(sw), &m->tunnelled);
		if (out)
			emit_tagged(m, s, out);
		else
			s->missed++;
	}
}

static void send_note(struct vsw *sw, struct mirror_session *s, const struct mirror_note *n)
{
	const struct pkt *pkt = with_vlan(sw->mirrors, s, n);

	if (!pkt)
		s->missed++;
	else if (s->conf.truncate || s->conf.kind >= VSW_MIRROR_ERSPAN2)
		send_finished(sw, s, n, pkt);
	else
		emit_tagged(sw->mirrors, s, pkt);
}

void vsw_mirrors_send(struct vsw *sw)
{
	struct vsw_mirrors *m = sw->mirrors;

	sw->mirror_noted = sw->mirror_full = false;
	for (unsigned n = 0; n < m->n; n++) {
		struct mirror_session *s = &m->session[n];

		for (unsigned i = 0; i < s->n && s->to; i++)
			send_note(sw, s, &s->note[i]);
		s->n = 0;
	}
}

unsigned vsw_mirror_states(const struct vsw *sw, struct vsw_mirror_state state[VSW_MAX_MIRRORS])
{
	const struct vsw_mirrors *m = sw->mirrors;

	for (unsigned i = 0; i < m->n; i++) {
		const struct mirror_session *s = &m->session[i];

		state[i] = (struct vsw_mirror_state) { s->conf.name, s->to, s->copied, s->missed };
	}
	return m->n;
}

static const char *const kinds[] = { "port", "vlan", "erspan2", "erspan3", NULL };

#define ERSPAN .of = "type", .when = 1u << VSW_MIRROR_ERSPAN2 | 1u << VSW_MIRROR_ERSPAN3

static const struct vsw_value_row mirror[] = {
	{ "name", VSW_VALUE_NAME, VALUE_IN(vsw_mirror, name), .missing = "name or to is missing",
	  .help = "its name" },
	{ "type", VSW_VALUE_WORD, VALUE_IN(vsw_mirror, kind), .words = kinds,
	  .help = "to a port, to a VLAN of an uplink, or ERSPAN" },
	{ "sources", VSW_VALUE_MIRROR_PORTS, VALUE_IN(vsw_mirror, port), .names = VSW_NAMES_PORT,
	  .help = "whose frames are copied: `from-port`, `to-port` or `both`" },
	{ "to", VSW_VALUE_NAME, VALUE_IN(vsw_mirror, to), .names = VSW_NAMES_PORT,
	  .missing = "name or to is missing", .help = "port that the copies leave by" },
	{ "vlan", VSW_VALUE_NUMBER, VALUE_IN(vsw_mirror, vlan), .min = 1, .max = VALUE_VLAN_MAX,
	  .of = "type", .when = ~(1u << VSW_MIRROR_PORT), .missing = "vlan is missing",
	  .needed = 1u << VSW_MIRROR_VLAN, .untold = "none", .help = "VLAN the copies are put in" },
	{ "strip-vlan", VSW_VALUE_BOOL, VALUE_IN(vsw_mirror, strip),
	  .help = "copies do not show the VLAN they had" },
	{ "sampling", VSW_VALUE_NUMBER, VALUE_IN(vsw_mirror, sampling), .min = 1, .max = 1000000,
	  .untold = "1", .help = "one of this many frames" },
	{ "truncate", VSW_VALUE_NUMBER, VALUE_IN(vsw_mirror, truncate), .min = 60, .max = 65535,
	  .untold = "all", .help = "bytes of each frame" },
	{ "session", VSW_VALUE_NUMBER, VALUE_IN(vsw_mirror, session), .max = 1023, ERSPAN,
	  .help = "number of the session" },
	{ "source-ip", VSW_VALUE_IPV4, VALUE_IN(vsw_mirror, src_ip), ERSPAN,
	  .help = "of the outer IPv4 header" },
	{ "destination-ip", VSW_VALUE_IPV4, VALUE_IN(vsw_mirror, dst_ip), ERSPAN,
	  .help = "of the outer IPv4 header: the analyser" },
	{ "source-mac", VSW_VALUE_MAC, VALUE_IN(vsw_mirror, src_mac), ERSPAN,
	  .help = "of the outer Ethernet header" },
	{ "destination-mac", VSW_VALUE_MAC, VALUE_IN(vsw_mirror, dst_mac), ERSPAN,
	  .help = "of the outer Ethernet header: the analyser or the next router" },
	{ 0 }
};

static const struct vsw_value_row values[] = { { "mirrors", VSW_VALUE_LIST,
						 SWITCH_LIST(mirror, n_mirrors), .sub = mirror,
						 .wrong = wrong, .help = "mirror sessions" },
					       { 0 } };

const struct vsw_policy_row vsw_policy_mirror = {
	.name = "mirrors",
	.switch_values = values,
	.fini = fini,
	.prepare = prepare,
	.commit = commit,
	.discard = free,
	.compile_first = compile_first,
	.compile_first_for = compile_first_for,
	.compile_port = compile_port,
	.switch_state = vsw_mirror_state_parts,
	.gone = gone,
};
