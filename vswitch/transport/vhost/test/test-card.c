/* SPDX-License-Identifier: BSD-2-Clause */
/* What a front end of ours tells of its card, and asks of its port. */
#include "main.h"

#include <string.h>

#include "link.h"
#include "transport/vhost/counters.h"
#include "transport/vhost/front-priv.h"

static const uint8_t groups[VSW_MAX_ADDRS + 1][6] = { { 1, 0, 0x5e, 0, 0, 1 } };

static struct vsw_addrs addrs(unsigned n)
{
	return (struct vsw_addrs) { .mac = { 2, 0, 0, 0, 0, 7 }, .n = n, .addrs = groups };
}

START_TEST(a_card_is_told_and_told_again)
{
	struct link *l = link_new(0);
	struct vsw_addrs a = addrs(1);

	ck_assert(l->back->be->has_card);
	ck_assert_uint_eq(l->back->be->card.flags, VHOST_CARD_LINK);
	a.promiscuous = true;
	vsw_front_set_card(l->front, false, &a);
	link_pump(l);
	for (unsigned round = 0; round < 2; round++) {
		const struct vhost_card *card = &l->back->be->card;

		ck_assert_uint_eq(card->flags, VHOST_CARD_ADDRS | VHOST_CARD_PROMISCUOUS);
		ck_assert_mem_eq(card->mac, a.mac, 6);
		ck_assert_uint_eq(card->n, 1);
		ck_assert_mem_eq(card->addrs[0], groups[0], 6);
		link_kill(l);
		link_pump(l);
		link_restart(l);
	}
	link_end(l);
}
END_TEST

/* A switch that does not read gets one message; when it reads again, that and the last one */
START_TEST(only_the_last_of_many_is_told)
{
	struct link *l = link_new(0);
	struct vsw_addrs a = addrs(VSW_MAX_ADDRS);

	for (unsigned i = 0; i < 5000; i++) {
		a.mac[5] = (uint8_t)i;
		vsw_front_set_card(l->front, true, &a);
	}
	ck_assert(vsw_front_is_up(l->front));
	link_pump(l);
	ck_assert_uint_eq(l->back->be->card.mac[5], (uint8_t)4999);
	ck_assert_uint_eq(l->back->be->card.n, VSW_MAX_ADDRS);
	ck_assert(!(l->back->be->card.flags & VHOST_CARD_ALLMULTI));
	a.n = VSW_MAX_ADDRS + 1;
	vsw_front_set_card(l->front, true, &a);
	link_pump(l);
	ck_assert_uint_eq(l->back->be->card.n, VSW_MAX_ADDRS);
	ck_assert(l->back->be->card.flags & VHOST_CARD_ALLMULTI);
	link_end(l);
}
END_TEST

/* Return: what the back end makes of a message */
static int say(struct link *l, const struct vhost_card *card, uint32_t size)
{
	struct vhost_message m = { .request = VHOST_CARD, .flags = VHOST_VERSION, .size = size };
	struct vhost_message reply;

	memcpy(&m.payload, card, size);
	return vsw_vhost_backend_message(l->back->be, &m, NULL, 0, &reply);
}

START_TEST(a_card_that_is_none_is_refused)
{
	struct vhost_card card = { .mac = { 2 }, .flags = VHOST_CARD_ADDRS, .n = 1 };
	struct link *l = link_new(0);

	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(1)), 0);
	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(0)), -1);
	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(2)), -1);
	ck_assert_int_eq(say(l, &card, 0), -1);
	card.n = VSW_MAX_ADDRS + 1;
	ck_assert_int_eq(say(l, &card, sizeof(card)), -1);
	card.n = 0x2aaaaaac; /* times six it is small again */
	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(2)), -1);
	card.n = 1;
	card.mac[0] = 1;
	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(1)), -1);
	l->back->be->protocol = 0;
	card.mac[0] = 2;
	ck_assert_int_eq(say(l, &card, VHOST_CARD_LEN(1)), -1);
	link_end(l);
}
END_TEST

START_TEST(counters_travel_as_text)
{
	struct vsw_counters c, d;
	uint8_t *bytes = (uint8_t *)&c;
	char text[VHOST_TEXT];
	uint32_t len;

	for (unsigned i = 0; i < sizeof(c); i++)
		bytes[i] = (uint8_t)(i * 37 + 128);
	memset(c.delay_hist, 0, sizeof(c.delay_hist)); /* not told */
	len = vsw_counters_print(&c, text, sizeof(text));
	ck_assert_uint_lt(len, sizeof(text));
	vsw_counters_scan(&d, text, len);
	ck_assert_uint_eq(d.drops[VSW_DROP_BARE_TAG], c.drops[VSW_DROP_BARE_TAG]);
	ck_assert_uint_eq(d.in.gso, c.in.gso);
	ck_assert_uint_eq(d.addresses, c.addresses);
	ck_assert_uint_eq(d.moves, c.moves);
	ck_assert_uint_eq(vsw_counters_print(&c, text, 20), 0); /* no half line */
	ck_assert_uint_lt(vsw_counters_print(&c, text, 100), 100);
}
END_TEST

START_TEST(text_that_is_no_counters_is_left_out)
{
	static const char *const texts[] = { "",
					     "\n",
					     " \n",
					     "held",
					     "held ",
					     "held x\n",
					     "held -",
					     "hel 5\n",
					     "held5 5\n",
					     "heldheld 3",
					     "queue-frames 99999999999999999999999999\n" };
	struct vsw_counters c;
	char noise[VHOST_TEXT];

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		vsw_counters_scan(&c, texts[i], (uint32_t)strlen(texts[i]));
		ck_assert_uint_eq(c.held, 0);
	}
	vsw_counters_scan(&c, "what 1\nheld 5", 13);
	ck_assert_uint_eq(c.held, 5);
	vsw_counters_scan(&c, "queue-frames 4294967299\n", 24);
	ck_assert_uint_eq(c.queue_frames, UINT32_MAX);
	for (unsigned i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * i * 31 + i / 7);
	vsw_counters_scan(&c, noise, sizeof(noise));
}
END_TEST

/* An answer that nobody asked for, and one of the wrong kind */
START_TEST(answers_that_were_not_asked_for_end_it)
{
	static const uint32_t requests[] = { VHOST_COUNTERS, VHOST_CARD, VHOST_SET_OWNER };

	for (unsigned i = 0; i < 3; i++) {
		struct link *l = link_new(0);
		struct vhost_message m = { .request = requests[i], .flags = VHOST_REPLY };

		ck_assert_int_eq(vsw_vhost_send(&l->back->ch, &m, NULL, 0), 0);
		vsw_front_readable(l->front);
		ck_assert(!vsw_front_is_up(l->front));
		link_end(l);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_card_is_told_and_told_again,
		only_the_last_of_many_is_told,
		a_card_that_is_none_is_refused,
		counters_travel_as_text,
		text_that_is_no_counters_is_left_out,
		answers_that_were_not_asked_for_end_it,
		NULL,
	};

	return run_tests("vhost-card", tests);
}
