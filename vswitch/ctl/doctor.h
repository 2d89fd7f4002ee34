/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "doctor": by which ways a QEMU can have cards.
 *
 * DOC: Theory of Operation
 *
 * The program is asked (--version, "-device X,help", "-netdev help"), each time with a limit of
 * time; and its file is read for what the plug-in needs of it: exported symbols and a build-id.
 * What it prints and what is in the file is text and data of others.
 */
#ifndef VSWITCHCTL_DOCTOR_H
#define VSWITCHCTL_DOCTOR_H

#include "words.h"

/* struct doctor_elf - what the plug-in needs of a program; @why_not: NULL, or why it has it not */
struct doctor_elf {
	char build_id[65];
	const char *why_not;
};

extern const struct ctl_column doctor_ways[];

/**
 * doctor_elf_read() - Look for what the plug-in needs
 * @path: The program
 * @elf:  Filled in
 */
void doctor_elf_read(const char *path, struct doctor_elf *elf);

/* doctor_run() - @run of a row. Return: the status */
int doctor_run(struct ctl *c);

#endif
