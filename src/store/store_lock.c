/*
 * Which process writes to a SQLite file: the one that holds a lock on FILE-lock beside it. The lock
 * is of the kind that dies with its process and is not passed on to children (fcntl's), so that a
 * server that was killed never locks out its successor. It does not keep a process from itself; the
 * list below does.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_engine.h"

struct file_lock {
    struct file_lock *next;
    int file;
    dev_t device;
    ino_t inode;
};

/* allowed: the files that this process writes to; a process has locks, so this belongs to it. */
static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static struct file_lock *held; /* allowed: guarded by held_lock */

static bool lock_whole(int file, int command, struct flock *ret_lock)
{
    *ret_lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, command, ret_lock) == 0;
}

static bool is_held(const struct stat *status)
{
    for (const struct file_lock *lock = held; lock != NULL; lock = lock->next) {
        if (lock->device == status->st_dev && lock->inode == status->st_ino)
            return true;
    }
    return false;
}

/* Under held_lock. To open and close a file that this process has locked would drop the lock. */
static struct file_lock *take(const char *name, struct arena *arena, struct why *ret_why)
{
    struct stat status;
    struct flock state;
    if (stat(name, &status) == 0 && is_held(&status)) {
        store__why(ret_why, "%s: this process writes to it already", name);
        return NULL;
    }
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        store__why(ret_why, "%s: %s", name, strerror(errno));
        return NULL;
    }
    if (!lock_whole(file, F_SETLK, &state)) {
        lock_whole(file, F_GETLK, &state);
        store__why(ret_why, "%s: process %ld writes to this database", name, (long)state.l_pid);
        close(file);
        return NULL;
    }
    struct file_lock *lock = arena_one(arena, struct file_lock);
    fstat(file, &status);
    *lock = (struct file_lock){
        .next = held, .file = file, .device = status.st_dev, .inode = status.st_ino};
    held = lock;
    return lock;
}

/* SQLite names its own files after what a symbolic link points to: so does the lock. */
struct file_lock *store__lock_take(const char *path, struct arena *arena, struct why *ret_why)
{
    char real[PATH_MAX];
    const char *target = realpath(path, real) != NULL ? real : path;
    char name[PATH_MAX + sizeof "-lock"];
    snprintf(name, sizeof name, "%s-lock", target);
    pthread_mutex_lock(&held_lock);
    struct file_lock *lock = take(name, arena, ret_why);
    pthread_mutex_unlock(&held_lock);
    return lock;
}

void store__lock_give(struct file_lock *lock)
{
    if (lock == NULL)
        return;
    pthread_mutex_lock(&held_lock);
    struct file_lock **at = &held;
    while (*at != lock)
        at = &(*at)->next;
    *at = lock->next;
    close(lock->file);
    pthread_mutex_unlock(&held_lock);
}
