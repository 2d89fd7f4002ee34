/* SPDX-License-Identifier: BSD-2-Clause */
/* What would become of a frame: what the stages of the row "look" tell (explain.c). */
#ifndef VSWITCH_EXPLAIN_H
#define VSWITCH_EXPLAIN_H

#include "core/vsw.h"

void vsw_explain_in(struct vsw_explain *x, const struct vsw_burst *b);
void vsw_explain_out(struct vsw_explain *x, struct vsw_port *p);

#endif
