/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the third partition does when it is asked to, in the words of direct messages. */
#ifndef FIRMWARE_SERVANT_MESSAGE_H
#define FIRMWARE_SERVANT_MESSAGE_H

/*
 * Request: the command, then what it says.  Answer: an ffabi_result as 32 bits, then a handle
 * where there is one.
 */
enum servant_command {
	SERVANT_RETRIEVE =
		1, /* handle, how many other borrowers, their ids: inverts the first byte */
	SERVANT_RELINQUISH, /* handle: what it retrieved last */
	SERVANT_SHARE, /* address: one page, with the sender of the message */
	SERVANT_DONATE, /* address: one page, to it */
	SERVANT_RECLAIM, /* handle */
	SERVANT_SIGNAL, /* bitmap: notifications of the sender of the message */
	SERVANT_LOG /* nothing: writes SERVANT_WORDS to the console */
};

enum {
	SERVANT_BORROWERS = 3
};

#define SERVANT_WORDS                                                                              \
	"the servant says more than fits in one call of any convention, in all 4 registers.\n"

#endif /* FIRMWARE_SERVANT_MESSAGE_H */
