/* SPDX-License-Identifier: BSD-2-Clause */
/* Save, make another card, load: fake_reopen(); see fake-host.h. */
#include <stdlib.h>
#include <string.h>

#include "fake-priv.h"

/* Save into a buffer of exactly the size that is asked for. */
static uint8_t *save_alloc(struct fake_host *h, size_t *len)
{
	size_t max = hwnet_state_max(h->nic);
	uint8_t *buf = malloc(max);

	if (!buf)
		fake_fail("out of memory");
	fake_enter(h, FAKE_IN_OTHER);
	*len = hwnet_save(h->nic, buf, max);
	fake_leave(h);
	return buf;
}

/* Name, count, and index of what has byte @at of a saved state (hw-net/state.h has the format). */
static size_t find_field(const uint8_t *state, size_t len, size_t at, char *name, size_t *index)
{
	size_t p = 6 + 1 + state[6], count = 0;

	while (p <= at && p < len) {
		unsigned n = state[p], size = state[p + 1 + n];
		const uint8_t *c = state + p + 2 + n;
		size_t data = p + 6 + n;

		count = c[0] | (size_t)c[1] << 8 | (size_t)c[2] << 16;
		memcpy(name, state + p + 1, n);
		name[n] = 0;
		*index = at > data ? (at - data) / size : 0;
		p = data + size * count;
	}
	return count;
}

/*
 * Are two saved states of a card the same? With @settled, scalars may differ: loading fulfils
 * wishes that the saved card still had, such as rx_ready or an interrupt that was held back. Arrays
 * (registers, tables) may not. Returns false if some do.
 */
static bool check_same(const uint8_t *a, const uint8_t *b, size_t len, bool settled)
{
	char name[256] = "";
	size_t index = 0;

	if (!memcmp(a, b, len))
		return true;
	for (size_t at = 0; at < len; at++) {
		if (a[at] == b[at])
			continue;
		if (find_field(a, len, at, name, &index) == 1 && settled)
			continue;
		fake_fail("the card saves itself otherwise after loading: %s[%zu], byte %zu was "
			  "%#x, is %#x",
			  name, index, at, a[at], b[at]);
	}
	return false;
}

/* Destroy the card, make another of the kind, let it load. */
static void replace_card(struct fake_host *h, const uint8_t *state, size_t len)
{
	struct hwnet_config cfg = h->cfg;
	bool carrier = h->carrier;
	const char *why;
	char err[256];
	int ret;

	fake_enter(h, FAKE_IN_OTHER);
	hwnet_free(h->nic);
	fake_leave(h);
	h->kicked = h->more = false;
	why = fake_open_cfg(h, h->model, &cfg);
	if (why)
		fake_fail("reopen: %s", why);
	h->carrier = carrier;
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_set_carrier(h->nic, carrier);
	fake_leave(h);
	fake_enter(h, FAKE_IN_OTHER);
	ret = hwnet_load(h->nic, state, len, err, sizeof(err));
	fake_leave(h);
	if (ret)
		fake_fail("the card does not load what it saved: %s", err);
}

/* Once; false if that settled something. */
static bool reopen_once(struct fake_host *h, bool settled)
{
	size_t len, again;
	uint8_t *before = save_alloc(h, &len), *after;
	bool same;

	replace_card(h, before, len);
	after = save_alloc(h, &again);
	if (again != len)
		fake_fail("the card saves %zu bytes after loading %zu", again, len);
	same = check_same(before, after, len, settled);
	free(before);
	free(after);
	return same;
}

void fake_reopen(struct fake_host *h)
{
	if (!reopen_once(h, true))
		reopen_once(h, false);
	fake_serve_kicks(h);
}
