/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many descriptors the daemon may have, and may come to need.
 */
#ifndef VSWITCHD_NOFILE_H
#define VSWITCHD_NOFILE_H

struct daemon;

/**
 * vd_nofile_raise() - Take as many descriptors as the process may have
 */
void vd_nofile_raise(void);

/**
 * vd_nofile_check() - Log a line if all that the document lets in would not find descriptors
 * @d: The daemon, its document in force
 */
void vd_nofile_check(const struct daemon *d);

#endif
