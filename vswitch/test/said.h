/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Do answers and events have the members that their rows declare (control/fields.h), and is each of
 * those said by somebody?
 */
#ifndef VSWITCH_TEST_SAID_H
#define VSWITCH_TEST_SAID_H

void said_answer(const char *request, const char *answer);
void said_event(const char *json);
void said_everything(void);

#endif
