/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command line takes: rows that the program, its help, its completion and its manual
 * read. */
#ifndef IMPORT_OPTIONS_H
#define IMPORT_OPTIONS_H

/* struct import_option - @value: what it takes, or NULL */
struct import_option {
	char letter;
	const char *name, *value, *help;
};

/* struct import_file - a file that is written into the folder */
struct import_file {
	const char *name, *what;
};

/* struct import_input - an input that is read */
struct import_input {
	const char *command, *gives;
};

/* Each ends with a name that is NULL */
extern const struct import_option import_options[];
extern const struct import_file import_files[];
extern const struct import_input import_inputs[];

/* What --script prints: run on a host it prints an input */
extern const char import_script[];

#endif
