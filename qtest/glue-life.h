/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes and goes in the machine of fuzz-glue, and what must hold in the end. */
#ifndef QTEST_GLUE_LIFE_H
#define QTEST_GLUE_LIFE_H

#include "glue-world.h"

/* Add a card, a port, the uplink with its wire; nothing happens if that is refused. */
void glue_add_card(struct glue *g, unsigned i);
void glue_add_port(struct glue *g, unsigned i);
void glue_add_uplink(struct glue *g);

/* A command of the human monitor; then the machine goes on. */
void glue_monitor(struct glue *g, const char *command);
/* Migrate to nowhere; then the machine goes on. */
void glue_migrate(struct glue *g);
/* Ask for all there is to know. */
void glue_query(struct glue *g);

/**
 * glue_control_number() - One of some commands of the switch's control
 * @g:   The machine
 * @which: Which one
 * @i:   A card, whose port it is about
 * @n:   A number in it
 */
void glue_control_number(struct glue *g, unsigned which, unsigned i, unsigned n);

/**
 * glue_look() - What must hold of a card at any time: asleep, its interrupt is down
 * @g: The machine
 * @i: Which card
 */
void glue_look(struct glue *g, unsigned i);

/**
 * glue_judge() - What must hold after every program
 * @g: The machine
 *
 * After a reset no interrupt is up and all cards are awake; with what is missing added again all
 * cards of ours exchange frames with the wire; and when all are removed nothing of them is left.
 */
void glue_judge(struct glue *g);

#endif
