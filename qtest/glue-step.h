/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of fuzz-glue: a step a line, of words.
 *
 * DOC: Theory of Operation
 *
 * A program is text, so that a person can read what failed and shorten it. Steps say what is done
 * from outside; `inside`, `message` and `direct` have an act of inside-device.c in them, done from
 * inside a card's call, from inside a card's interrupt, and by a plain write of the register. Some
 * offsets are names: pm, slot, bridge (of a card's PMCSR, a root port's slot control and bridge
 * control).
 */
#ifndef QTEST_GLUE_STEP_H
#define QTEST_GLUE_STEP_H

#include "glue-world.h"

/**
 * glue_make() - Make a program
 * @seed:  Any; the same gives the same
 * @steps: How many steps
 *
 * Return: text, to be freed.
 */
char *glue_make(uint32_t seed, unsigned steps);

/**
 * glue_run() - Run a program
 * @g:    The machine
 * @text: The program
 *
 * A word that is not known ends the test.
 */
void glue_run(struct glue *g, const char *text);

/**
 * glue_act() - Carry out acts by a write of the register, from inside no other call
 * @g:    The machine
 * @acts: Acts, joined by " & "
 */
void glue_act(struct glue *g, const char *acts);

#endif
