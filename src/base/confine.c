/*
 * Landlock by its system calls, as glibc has no functions for them; seccomp by libseccomp. What is
 * allowed was found with strace on both databases and is held by tests/strength.
 */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif

void confine_secrets(void)
{
    const struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (!IS_SANITIZED) /* the leaks are counted by a debugger of its own */
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* --- files --- */

enum { ABI_WITH_REFER = 2, ABI_WITH_TRUNCATE = 3 };

/* Younger than Debian 12's header. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static const uint64_t READS = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t WRITES = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
                               LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
static const uint64_t RUNS = LANDLOCK_ACCESS_FS_EXECUTE;
static const uint64_t OF_A_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_EXECUTE;

/* Everything that this kernel can forbid and that has a name here; 0 where it can forbid nothing.
 */
static uint64_t handled(void)
{
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (abi < 1)
        return 0;
    if (abi >= ABI_WITH_REFER)
        all |= LANDLOCK_ACCESS_FS_REFER;
    return abi >= ABI_WITH_TRUNCATE ? all | LANDLOCK_ACCESS_FS_TRUNCATE : all;
}

/* True also where there is no such file: then there is nothing to allow. */
static bool allow(int ruleset, const char *path, uint64_t access)
{
    struct stat about;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    bool is_folder = fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
    struct landlock_path_beneath_attr rule = {
        .allowed_access = is_folder ? access : access & OF_A_FILE, .parent_fd = fd};
    bool is_added =
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return is_added;
}

static bool allow_all(int ruleset, const char *const *paths, uint64_t access)
{
    bool is_added = true;
    for (; paths != NULL && *paths != NULL && is_added; paths++)
        is_added = allow(ruleset, *paths, access);
    return is_added;
}

bool confine_files(const struct confine_files *files)
{
    uint64_t most = handled();
    if (IS_SANITIZED || most == 0)
        return false;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = most};
    long made = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (made < 0)
        return false;
    int ruleset = (int)made;
    bool is_bound = allow_all(ruleset, files->readable, READS & most) &&
                    allow_all(ruleset, files->writable, (READS | WRITES) & most) &&
                    allow_all(ruleset, files->runnable, (READS | RUNS) & most) &&
                    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                    syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return is_bound;
}

/* --- calls --- */

static const int ALWAYS[] = {
    /* memory; mmap and mprotect below */
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    /* threads; clone below */
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(setpriority), /* of slow work, downward */
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    /* signals to itself; tgkill below */
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    /* time and chance */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    /* files, as far as Landlock lets */
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(close),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(fcntl),
    SCMP_SYS(flock),
    SCMP_SYS(ioctl),
    SCMP_SYS(fchown), /* SQLite, where it runs as root */
    SCMP_SYS(fchmod),
    SCMP_SYS(memfd_create),
    /* who and where it is */
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
    /* the sockets that it has */
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendfile),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(eventfd2),
    /* the children that its nursery starts (sheet/sheet.h) */
    SCMP_SYS(socketpair),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(waitid),
};

static const int TO_CONNECT[] = {
    SCMP_SYS(connect), SCMP_SYS(sendmmsg), /* the resolver */
};

static bool allow_calls(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

/* Calls that are harmless with some arguments only. clone3 hides them behind a pointer: "no such
 * call" makes glibc take clone. */
static bool allow_in_part(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                            SCMP_A0(SCMP_CMP_EQ, 0)) == 0;
}

static bool allow_connections(scmp_filter_ctx filter)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i])) != 0)
            return false;
    return allow_calls(filter, TO_CONNECT, sizeof TO_CONNECT / sizeof *TO_CONNECT);
}

bool confine_calls(const struct confine_calls *calls)
{
    if (IS_SANITIZED)
        return false;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL)
        return false;
    bool is_bound = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
                    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
                    allow_calls(filter, ALWAYS, sizeof ALWAYS / sizeof *ALWAYS) &&
                    allow_in_part(filter) && (!calls->connects || allow_connections(filter)) &&
                    seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_bound;
}
