/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: hostile guests at their cards, stock owners, and a client of control, all on one
 * switch; see chassis.h.
 *
 * The input is a list of acts, a byte each with what they need behind them. An act of a card is an
 * operation of hw-net/fuzz/ops.h. The document's VLANs, security, and rules are never changed: what
 * the others change must not matter to them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis.h"
#include "fuzz.h"
#include "hwnet/gso.h"
#include "hwnet/words.h"
#include "ops.h"
#include "rx.h"

#define MAX_ACTS 300u
/* Commands cost ten times as much as other acts, so there are some in an execution, and no more. */
#define MAX_CHANGES 3u
#define MAX_ASKS    3u
/* With which all but the first kind of chassis begin */
#define FIRST_CHANGES 8u

/* A program that makes frames, without a card */
static struct fuzz maker;

static uint8_t byte(void)
{
	if (!chassis.left)
		return 0;
	chassis.left--;
	return *chassis.in++;
}

static uint16_t word(void)
{
	uint16_t v = byte();

	return (uint16_t)(v << 8 | byte());
}

static void lend_input(struct fuzz *z)
{
	z->in = chassis.in;
	z->left = chassis.left;
}

static void take_back(const struct fuzz *z)
{
	chassis.in = z->in;
	chassis.left = z->left;
}

static void act_card(void)
{
	struct chassis_socket *s = &chassis.socket[byte() % CHASSIS_CARDS];
	int64_t since = s->card->host.now;

	chassis.dressing = s;
	lend_input(s->card);
	fuzz_step(s->card);
	take_back(s->card);
	since = (s->card->host.now - since) / CHASSIS_ALONE;
	chassis.allowed += (unsigned)since * CHASSIS_SOCKETS;
}

/*
 * The same frame with words that a guest chose, as who takes them from it has them settled.
 * Return: the frame, or NULL: it is refused.
 */
static const struct pkt *with_words(const struct pkt *plain, struct pkt *p)
{
	uint8_t start, offset;

	if (byte() & 3)
		return plain;
	*p = *plain;
	if (p->gso_type) { /* any number of segments: the switch counts them itself */
		start = byte();
		p->gso_size = (uint16_t)(1 + (start & 0x80 ? start & 7 : start * 2));
		return p;
	}
	start = byte() % 40;
	offset = byte() % 40;
	if (start + offset + 2u > pkt_head_len(p))
		return plain;
	p->flags = (p->flags & PKT_VLAN) | PKT_CSUM_PARTIAL;
	p->csum_start = start;
	p->csum_offset = offset;
	if (pkt_words_settle(p, p->iov[0].iov_base))
		return NULL;
	chassis.altered |= !(p->flags & PKT_CSUM_PARTIAL);
	return p;
}

/* Each receiver gets the segments of a message once, and who echoes sends them to each once more;
 * one of too many is refused. */
static void allow(const struct pkt *pkt)
{
	unsigned n = gso_segments(pkt), copies = CHASSIS_SOCKETS;

	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++)
		if (chassis.socket[i].echo)
			copies += CHASSIS_SOCKETS;
	if (pkt->gso_type && n <= GSO_SEGS_MAX)
		chassis.allowed += n * copies;
}

static void act_frames(void)
{
	static struct pkt words[FUZZ_WIRE];
	struct chassis_socket *s = &chassis.socket[CHASSIS_CARDS + byte() % (CHASSIS_SOCKETS - 3)];
	unsigned n = 0, most = 1 + byte() % FUZZ_WIRE;
	const struct pkt *pkts[FUZZ_WIRE], *p;

	if (s->row->kind == CHASSIS_MONITOR) /* it listens only */
		return;
	chassis.dressing = s;
	lend_input(&maker);
	maker.dress = chassis_dress;
	for (unsigned i = 0; i < most; i++) {
		p = fuzz_wire(&maker, i);
		take_back(&maker);
		if (s->row->kind != CHASSIS_UPLINK) /* which may have any source */
			p = with_words(p, &words[i]);
		lend_input(&maker);
		if (p)
			pkts[n++] = p;
	}
	for (unsigned i = 0; i < n; i++)
		allow(pkts[i]);
	if (s->port && n)
		vsw_port_input(s->port, pkts, n);
}

/* A port that is gone is named in no answer, and nobody stumbles over it. */
static void look_for(const struct chassis_socket *s)
{
	static const char *const asks[] = { "query-ports", "query-fdb", "query-groups",
					    "query-mirrors" };
	char text[100], *answer;

	chassis_look_at_tables();
	if (!chassis.rich || chassis.asks++)
		return;
	for (unsigned i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		int n = snprintf(text, sizeof(text), "{\"execute\": \"%s\"}", asks[i]);

		answer = vsw_control_execute(chassis.ctl, text, (size_t)n);
		snprintf(text, sizeof(text), "\"port\":\"%s\"", s->row->id);
		if (!answer || strstr(answer, text))
			fake_fail("%s knows %s, which was removed", asks[i], s->row->id);
		free(answer);
	}
}

static void act_plug(void)
{
	struct chassis_socket *s = &chassis.socket[byte() % CHASSIS_SOCKETS];

	if (!s->port) {
		chassis_plug(s);
	} else if (!(byte() % 4)) {
		chassis_unplug(s);
		look_for(s);
	}
}

static void act_link(void)
{
	struct chassis_socket *s = &chassis.socket[byte() % CHASSIS_SOCKETS];

	if (s->card)
		fake_carrier(&s->card->host, byte() & 1);
	else if (s->port)
		vsw_port_set_link(s->port, byte() & 1);
}

static void act_room(void)
{
	struct chassis_socket *s = &chassis.socket[CHASSIS_CARDS + byte() % (CHASSIS_SOCKETS - 3)];
	uint8_t how = byte();

	s->room = how % 8 ? how / 8 : UINT32_MAX;
	s->echo = how % 16 == 1;
	if (s->port)
		chassis_ready(s);
}

static void act_takes(void)
{
	struct chassis_socket *s = &chassis.socket[CHASSIS_CARDS + byte() % (CHASSIS_SOCKETS - 3)];

	s->takes = word() & 0x7ff;
	if (s->port)
		vsw_port_set_caps(s->port, s->takes);
}

static void act_time(void)
{
	chassis_time((int64_t)word() << byte() % 24);
}

/* What a client may ask and change; $p is a port, $a and $b are numbers, $x one of two digits */
static const char *const commands[] = {
	"\"query-ports\"",
	"\"query-fdb\"",
	"\"query-groups\"",
	"\"query-mirrors\"",
	"\"query-rules\", \"arguments\": {\"port\": \"$p\"}",
	"\"query-config\"",
	"\"query-switch\"",
	"\"clear-counters\"",
	"\"fdb-flush\"",
	"\"fdb-flush\", \"arguments\": {\"port\": \"$p\"}",
	"\"fdb-add\", \"arguments\": {\"mac\": \"02:bb:00:00:00:$x\", \"port\": \"$p\"}",
	"\"fdb-delete\", \"arguments\": {\"mac\": \"02:bb:00:00:00:$x\"}",
	"\"config-confirm\"",
	"\"config-rollback\"",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"blocked\": true}}},"
	" \"confirm-timeout\": 1}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"blocked\": false}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"shaping\": {\"in\":"
	" {\"average\": $a0000, \"peak\": $a0000, \"burst\": 2000}, \"out\": {\"average\":"
	" $b0000, \"peak\": $b0000, \"burst\": 4000}}}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"shaping\": null}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"storm\": "
	"{\"broadcast\":"
	" $a, \"multicast\": $b, \"unknown\": $a}}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"queue\": {\"frames\":"
	" $a, \"bytes\": 65536, \"target-us\": $b}}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"teaming\": "
	"{\"policy\":"
	" \"mac\", \"beacon\": true}}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"$p\": {\"teaming\": "
	"{\"policy\":"
	" \"explicit\", \"active\": [\"u1\"], \"standby\": [\"u0\"]}}}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"multicast\": \"snooping\", \"querier\":"
	" {\"enabled\": true, \"interval\": 1$a}}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"multicast\": \"filter\"}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"mirrors\": [{\"name\": \"m\", \"to\": "
	"\"s3\","
	" \"sources\": {\"$p\": \"both\"}, \"truncate\": 1$a}]}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"mirrors\": [{\"name\": \"m\", \"to\": "
	"\"s3\", \"type\": \"vlan\", \"vlan\": 9,"
	" \"sources\": {\"$p\": \"both\"}, \"truncate\": 1$a}]}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"mirrors\": []}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"mtu\": $a$b}}",
	"\"config-patch\", \"arguments\": {\"patch\": {\"classes\": [{\"name\": \"a\", "
	"\"shares\": 20},"
	" {\"name\": \"b\", \"shares\": 70, \"limit\": $a00000}]}}",
};

/* A command with everything in its place */
static void expand(char *out, size_t room, const char *command)
{
	const char *id = chassis.socket[byte() % CHASSIS_SOCKETS].row->id;
	unsigned a = 1 + byte() % 250u, b = 1 + byte() % 250u; /* no leading zeros */
	size_t n = (size_t)snprintf(out, room, "{\"execute\": ");

	for (; *command && n < room - 8; command++) {
		if (*command != '$') {
			out[n++] = *command;
			continue;
		}
		command++;
		n += (size_t)(*command == 'p' ? snprintf(out + n, room - n, "%s", id) :
			      *command == 'x' ? snprintf(out + n, room - n, "%02x", a % 4) :
						snprintf(out + n, room - n, "%u",
							 *command == 'a' ? a : b));
	}
	snprintf(out + n, room - n, "}");
}

/* Is there any of the kind left to this execution? */
static bool may_command(const char *command)
{
	if (!strncmp(command, "\"config-", 8))
		return chassis.rich && chassis.changes++ < MAX_CHANGES;
	if (!strncmp(command, "\"query-", 7))
		return chassis.rich && chassis.asks++ < MAX_ASKS;
	return true;
}

static void act_command(void)
{
	unsigned which = byte() % (sizeof(commands) / sizeof(commands[0]));
	char text[600], *answer;

	expand(text, sizeof(text), commands[which]);
	if (!may_command(commands[which]))
		return;
	answer = vsw_control_execute(chassis.ctl, text, strlen(text));
	if (!answer || strstr(answer, "JSON parse error"))
		fake_fail("%s: %s", text, answer ? answer : "no answer");
	free(answer);
}

static void (*const acts[])(void) = {
	act_card, act_card,   act_card, act_card, act_card, act_card,  act_frames, act_frames,
	act_time, act_frames, act_plug, act_link, act_room, act_takes, act_frames, act_command,
};

/* What the input's commands have changed by now is changed for all executions of this kind. */
static void prepare(void)
{
	for (unsigned i = 0; i < FIRST_CHANGES && chassis.left; i++) {
		chassis.rich = true;
		chassis.changes = chassis.asks = 0;
		act_command();
	}
	chassis.changes = chassis.asks = 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	chassis_make(prepare);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	chassis_begin(data, size);
	for (unsigned i = 0; i < MAX_ACTS && chassis.left; i++) {
		acts[byte() % (sizeof(acts) / sizeof(acts[0]))]();
		chassis_settle();
	}
	chassis_time(20 * 1000000);
	chassis_settle();
	chassis_end();
	return 0;
}

/*
 * Messages of TCP from s0 to s2, of two segments to some twenty. s2 takes up to seven of those at a
 * time, so that messages wait whole behind the rest of others, and go in parts.
 */
static size_t message_seed(uint64_t random, uint8_t *buf)
{
	size_t n = 1;

	buf[0] = 0;
	while (n < 80) {
		const uint8_t room[] = { /* act_room(): s2, some frames */
					 12, 2, (uint8_t)(test_random(&random) % 8 * 8 + 4)
		};
		const uint8_t message[] = {
			/* act_frames(): s0, one; fuzz_build(), chassis_dress(), make_frame() */
			6,	    0,
			0,	    0,
			0x80,	    (uint8_t)test_random(&random),
			5 << 3 | 1, 0,
			8,	    (uint8_t)(64 + test_random(&random) % 192),
			1
		};

		memcpy(buf + n, message, sizeof(message));
		n += sizeof(message);
		for (unsigned i = test_random(&random) % 3; i; i--) {
			memcpy(buf + n, room, sizeof(room));
			n += sizeof(room);
		}
	}
	return n;
}

/* All acts in turn, of all ports, with bytes that are as good as random */
size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	uint64_t random = i + 1;
	size_t n = 0;

	if (i >= 40)
		return 0;
	if (i >= 32)
		return message_seed(random, buf);
	buf[n++] = (uint8_t)i;
	for (unsigned k = 0; n < 300; k++) {
		buf[n++] = (uint8_t)(k + i);
		for (unsigned b = test_random(&random) % 20; b; b--)
			buf[n++] = (uint8_t)test_random(&random);
	}
	return n;
}
