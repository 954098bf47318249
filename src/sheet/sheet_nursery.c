/*
 * Who starts the children that read files. A server that has given up starting programs asks its
 * nursery, a process of its own that it started while it still could: it hands over the child's
 * descriptors and gets a descriptor of the child back. Whoever else has no nursery starts the child
 * itself.
 *
 * The nursery reads no byte of any file. It ends with the program, when its socket does.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "sheet/sheet_wire.h"

enum {
    NURSERY_SOCKET = 0,
    CHILD_DESCRIPTORS = 2, /* of a request: its socket, its file */
    REAP_MS = 200,         /* between two looks for children that have ended */
    FOLDERS_MOST = 62,     /* of libraries */
    FOLDER_BYTES = 256,
};

/* Whether it can start programs is a trait of a process, not of a file that it reads. */
static int nursery = -1; /* allowed: one a process, set once before there are threads */

/* --- descriptors through a socket */

/* A byte, and descriptors with it. */
struct parcel {
    unsigned char byte; /* why not, where there are none: errno */
    int count;
    int descriptors[CHILD_DESCRIPTORS];
};

union control {
    struct cmsghdr header; /* aligned as one */
    char bytes[CMSG_SPACE(sizeof(int[CHILD_DESCRIPTORS]))];
};

static bool send_parcel(int socket, const struct parcel *parcel)
{
    union control control = {0};
    struct iovec byte = {(void *)(uintptr_t)&parcel->byte, 1};
    struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};
    size_t length = (size_t)parcel->count * sizeof(int);
    if (parcel->count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), parcel->descriptors, length);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

/* False where the other end is gone. */
static bool receive_parcel(int socket, struct parcel *ret)
{
    union control control = {0};
    struct iovec byte = {&ret->byte, 1};
    struct msghdr message = {.msg_iov = &byte,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t count;
    do
        count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    ret->count = 0;
    struct cmsghdr *header = count == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
        size_t length = header->cmsg_len - CMSG_LEN(0);
        ret->count = (int)(length / sizeof(int));
        memcpy(ret->descriptors, CMSG_DATA(header), length);
    }
    return count == 1;
}

/* --- starting */

struct start {
    const char *command;
    int socket;
    int file; /* -1: none */
};

/* This program once more, with these descriptors and an empty environment: 0, or an error number.
 */
static int start(const struct start *start, pid_t *ret)
{
    char program[] = "dianji", command[32];
    snprintf(command, sizeof command, "%s", start->command);
    char *const words[] = {program, command, NULL};
    char *const environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, start->socket, SHEET__WIRE_SOCKET);
    if (start->file >= 0)
        posix_spawn_file_actions_adddup2(&actions, start->file, SHEET__WIRE_FILE);
    int error = posix_spawn(ret, "/proc/self/exe", &actions, NULL, words, environment);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A descriptor of the child, or -1 with errno. */
static int start_child(int socket, int file)
{
    pid_t child;
    int error = start(&(struct start){"sheet-child", socket, file}, &child);
    if (error == 0)
        return pidfd_open(child, 0);
    errno = error;
    return -1;
}

static int ask_nursery(int mine, int socket, int file)
{
    const struct parcel wanted = {.count = CHILD_DESCRIPTORS, .descriptors = {socket, file}};
    struct parcel answer = {0};
    if (!send_parcel(nursery, &wanted) || !receive_parcel(mine, &answer)) {
        errno = EPIPE;
        return -1;
    }
    errno = answer.byte;
    return answer.count == 1 ? answer.descriptors[0] : -1;
}

int sheet__start_child(int mine, int socket, int file)
{
    return nursery < 0 ? start_child(socket, file) : ask_nursery(mine, socket, file);
}

bool sheet_nursery_start(void)
{
    int ends[2];
    pid_t child;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    int error = start(&(struct start){"sheet-nursery", ends[1], -1}, &child);
    close(ends[1]);
    if (error == 0) {
        nursery = ends[0];
        return true;
    }
    close(ends[0]);
    errno = error;
    return false;
}

/* --- the nursery itself */

struct folders {
    size_t count;
    char names[FOLDERS_MOST][FOLDER_BYTES];
    const char *paths[FOLDERS_MOST + 1];
};

static bool has_folder(const struct folders *folders, const char *name)
{
    for (size_t i = 0; i < folders->count; i++)
        if (strcmp(folders->names[i], name) == 0)
            return true;
    return false;
}

/* A child is this program with these libraries, or, after an update, others of the same folders. */
static int add_folder(struct dl_phdr_info *info, size_t size, void *argument)
{
    (void)size;
    struct folders *folders = argument;
    const char *slash = strrchr(info->dlpi_name, '/');
    if (slash == NULL || slash == info->dlpi_name || folders->count == FOLDERS_MOST)
        return 0;
    char *name = folders->names[folders->count];
    snprintf(name, FOLDER_BYTES, "%.*s", (int)(slash - info->dlpi_name), info->dlpi_name);
    if (!has_folder(folders, name))
        folders->paths[folders->count++] = name;
    return 0;
}

/* What it starts is this program and its loader; what it reads, their libraries. */
static void confine_nursery(void)
{
    static const char *const readable[] = {"/etc/ld.so.cache", NULL};
    static struct folders libraries; /* allowed: too large for a stack, and used once */
    dl_iterate_phdr(add_folder, &libraries);
    if (libraries.count < FOLDERS_MOST)
        libraries.paths[libraries.count++] = "/proc/self/exe";
    confine_secrets();
    confine_files(&(struct confine_files){.readable = readable, .runnable = libraries.paths});
}

/* Its answer goes the way that the child's will: the program waits for it before it says anything.
 */
static void serve(const struct parcel *wanted)
{
    int child = -1;
    if (wanted->count == CHILD_DESCRIPTORS)
        child = start_child(wanted->descriptors[0], wanted->descriptors[1]);
    struct parcel answer = {.byte = (unsigned char)errno};
    if (child >= 0)
        answer = (struct parcel){.count = 1, .descriptors = {child}};
    if (wanted->count > 0)
        send_parcel(wanted->descriptors[0], &answer);
    for (int i = 0; i < wanted->count; i++)
        close(wanted->descriptors[i]);
    if (child >= 0)
        close(child);
}

int sheet_nursery_main(void)
{
    struct pollfd asked = {.fd = NURSERY_SOCKET, .events = POLLIN};
    struct parcel wanted;
    /* A terminal and systemd send these to all at once: the children are needed until the end. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    prctl(PR_SET_NAME, "dianji-nursery", 0, 0, 0);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    confine_nursery();
    for (bool has_children = false;;) {
        bool is_asked = poll(&asked, 1, has_children ? REAP_MS : -1) > 0;
        if (is_asked && !receive_parcel(NURSERY_SOCKET, &wanted))
            return 0;
        if (is_asked)
            serve(&wanted);
        pid_t ended;
        do
            ended = waitpid(-1, NULL, WNOHANG);
        while (ended > 0);
        has_children = ended == 0;
    }
}
