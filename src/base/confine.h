/*
 * A process gives up what it does not need, for good: whoever gets hold of it afterwards has no
 * more than it has. Each step binds the process and all that it starts, and cannot be taken back.
 *
 * Order matters. Landlock binds the calling thread and those that it makes later, so
 * confine_files() comes before the first pthread_create(); confine_calls() binds all threads.
 *
 * Under AddressSanitizer and ThreadSanitizer nothing is given up, as their reports start a program
 * and read the process itself: each says so by returning false.
 */
#ifndef DIANJI_BASE_CONFINE_H
#define DIANJI_BASE_CONFINE_H

#include <stdbool.h>

/* No core dump, no debugger of the same user, no privileges by what is executed. For every process
 * that is to hold a secret, before it does. */
void confine_secrets(void);

/* Files and folders, each list ending in NULL or NULL itself; what is not there is passed over. */
struct confine_files {
    const char *const *readable;
    const char *const *writable; /* and readable; files in it are made and removed */
    const char *const *runnable; /* and readable */
};
/* From here on no other file can be opened, made or executed. False where the kernel cannot do
 * this (Landlock: Linux 5.13 and later). */
bool confine_files(const struct confine_files *files);

struct confine_calls {
    bool connects; /* goes on opening connections, as to PostgreSQL or a service */
};
/*
 * From here on the process reads, writes and opens files, and talks on the sockets that it listens
 * on; it starts no program and no process, listens on nothing new, runs no memory that it wrote,
 * and looks into no other process. Such a call fails with EPERM.
 */
bool confine_calls(const struct confine_calls *calls);

#endif
