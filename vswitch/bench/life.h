/* SPDX-License-Identifier: BSD-2-Clause */
/* What is measured of a daemon's life (life.c), and what for. */
#ifndef VSWITCH_BENCH_LIFE_H
#define VSWITCH_BENCH_LIFE_H

#include <sys/types.h>

#include "stations.h"

/* life.c */
extern const struct vsw_front_ops life_ops;
void life_wait(struct station *s);
double life_median(double *v, unsigned n);
double life_cpu(pid_t pid);

/* life-control.c, life-others.c */
void life_control(pid_t daemon, struct station *station);
void life_others(pid_t daemon, struct station *station);

#endif
