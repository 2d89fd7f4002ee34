/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stations at a vswitchd: front ends of vhost-user that send each other numbered frames, and the
 * daemon that they are plugged into, in a directory of its own.
 *
 * What cannot fail here ends the program with a line.
 */
#ifndef VSWITCH_BENCH_STATIONS_H
#define VSWITCH_BENCH_STATIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "vswitch/front.h"

#define STATIONS_MAX 4000u
#define STATION_ALL  UINT16_MAX /* frames for it are broadcasts */

/*
 * struct station - a front end
 * @number: It is in its address
 * @fd:     Its socket
 * @sent:   Number of its next frame
 * @heard:  Number that the next frame for it should have
 * @lost: @twice: Frames for it that did not come, or that came once more; counted if @counts, else
 *      the first one ends the program
 */
struct station {
	struct vsw_front *front;
	unsigned number;
	int fd;
	uint32_t sent, heard;
	uint64_t lost, twice;
	bool counts;
};

__attribute__((noreturn)) void stations_die(const char *what);
double stations_now(void);

/* The daemon's side */
void stations_document(FILE *f, const char *of_switch, const char *of_group, unsigned groups,
		       unsigned vlan);
void stations_configure(const char *of_switch, const char *of_group);
FILE *stations_daemon(const char *program, const char *argument, const char *value, pid_t *pid);
pid_t stations_start(const char *program, FILE **log);
void stations_end(pid_t pid);
int stations_dial(const char *name);

/* Theirs */
void stations_plug_in(struct station *s, unsigned number, const struct vsw_front_ops *ops);
bool stations_send(struct station *s, unsigned to, uint32_t number);
bool stations_teach(struct station *s, unsigned to, uint32_t address);
void stations_hear(struct station *s);
void stations_settle(struct station *s, unsigned n);

#endif
