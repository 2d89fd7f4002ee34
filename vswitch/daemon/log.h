/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log: lines that a person can act on, on standard error.
 *
 * Each line is one event with its subject first ("switch 'a': port 'b': ..."). Under systemd a line
 * begins with its level as the journal reads it, elsewhere with the program's name. Control thread
 * only; nothing of the frame thread waits for it.
 *
 * Nobody waits for who reads it: a line that a pipe, socket or terminal has no room for is lost.
 * How many were lost is said before the next line that there is room for.
 */
#ifndef VSWITCHD_LOG_H
#define VSWITCHD_LOG_H

/* enum vd_level - syslog's */
enum vd_level { VD_ERROR = 3, VD_WARNING = 4, VD_NOTICE = 5, VD_INFO = 6, VD_DEBUG = 7 };

/**
 * vd_log_init() - Say what is written
 * @most: Lines up to this level
 */
void vd_log_init(enum vd_level most);

/**
 * vd_log() - Write a line
 * @level: Its level
 * @fmt:   As printf, without newline; control characters are written as ?
 */
void vd_log(enum vd_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
