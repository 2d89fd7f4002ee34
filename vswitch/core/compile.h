/* SPDX-License-Identifier: BSD-2-Clause */
/* From policies and states to what the data path reads. */
#ifndef VSWITCH_COMPILE_H
#define VSWITCH_COMPILE_H

#include "core/vsw.h"

void vsw_switch_recompile(struct vsw *sw);
void vsw_port_recompile(struct vsw_port *p);
void vsw_port_compile(struct vsw_port *p);
void vsw_port_compiled(struct vsw_port *p);
void vsw_uplinks_compiled(struct vsw *sw);

#endif
