/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Snooping, slow and obviously right: what was said is a list of facts, each with its end, that is
 * walked. The switch is compared with it for each frame to a group:
 *
 *  - who asked for the group gets it, whatever else is so: nothing is ever cut from a member;
 *  - who surely has no part in it does not get it, once somebody surely asks;
 *  - where the model can't be sure (the second in which something ends, a full table, a querier
 *    that starts) either is right: what is in doubt is flooded.
 *
 * A step is made from bytes of any source: random ones in the property test, a fuzzer's in
 * fuzz-mcast.c.
 */
#ifndef VSWITCH_TEST_MCAST_MODEL_H
#define VSWITCH_TEST_MCAST_MODEL_H

struct model;

struct model *model_new(unsigned (*byte)(void *ctx), void *ctx);
void model_free(struct model *m);
/* Something happens to both. Return: NULL, or in which way they differ;
 * valid until the next step */
const char *model_step(struct model *m);

#endif
