/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card tells of itself (hwnet_describe()), kept to be looked up by name. */
#ifndef HW_NET_TEST_FACTS_H
#define HW_NET_TEST_FACTS_H

#include "fake-host.h"

#define FACTS_MAX      64u
#define FACTS_LIST_MAX 128u

/* struct fact - one of them; struct hwnet_fact says what counts when. Lists are kept up to
 * FACTS_LIST_MAX. */
struct fact {
	char name[40], text[256];
	enum hwnet_fact_kind kind;
	uint64_t number;
	uint32_t list[FACTS_LIST_MAX];
	unsigned n;
};

/* struct facts - all that a card told */
struct facts {
	struct fact fact[FACTS_MAX];
	unsigned n;
};

/* Ask the card. Aborts if a name comes twice, or is not lower case with dashes. */
void facts_ask(struct facts *f, struct fake_host *h);
/* The fact of this name and kind, or NULL. */
const struct fact *facts_find(const struct facts *f, const char *name, enum hwnet_fact_kind kind);

/* Its value. Abort if there is none. */
uint64_t facts_number(const struct facts *f, const char *name);
bool facts_yes(const struct facts *f, const char *name);
const char *facts_text(const struct facts *f, const char *name);
const struct fact *facts_list(const struct facts *f, const char *name);

#endif
